package io.fastyoke.integrations.dispatch;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;

/** The timers of Vert.x: a task runs on the event loop of the caller, or on any. */
@Singleton
final class VertxTimers implements Timers {
  private final Vertx vertx;

  VertxTimers(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long after(long millis, Runnable task) {
    return vertx.setTimer(millis, timer -> task.run());
  }

  @Override
  public long every(long millis, Runnable task) {
    return vertx.setPeriodic(millis, timer -> task.run());
  }

  @Override
  public void cancel(long timer) {
    vertx.cancelTimer(timer);
  }
}
