package io.fastyoke.integrations.oauth;

import io.vertx.core.Vertx;

/** The timers of Vert.x: a task runs on an event loop. */
record VertxTokenTimers(Vertx vertx) implements TokenTimers {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Runnable after(long millis, Runnable task) {
    long timer = vertx.setTimer(millis, fired -> task.run());
    return () -> vertx.cancelTimer(timer);
  }
}
