package io.fastyoke.integrations.dispatch;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * The Vert.x context of whoever asks. An answer that somebody else's work completes has to come
 * back to it, because the framework keeps the state of a request there.
 */
final class CallerContext {
  private CallerContext() {}

  /** To be called on the context itself, when the question is asked. */
  static Executor here() {
    Context context = Vertx.currentContext();
    return context == null ? Runnable::run : task -> context.runOnContext(back -> task.run());
  }
}
