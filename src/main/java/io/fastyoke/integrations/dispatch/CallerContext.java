package io.fastyoke.integrations.dispatch;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * The Vert.x context of a request. An answer that is completed on another context has to come back
 * to it, because the framework keeps the state of the request there.
 */
final class CallerContext {
  private CallerContext() {}

  /** To be called on the request's own context. */
  static Executor here() {
    Context context = Vertx.currentContext();
    return context == null ? Runnable::run : task -> context.runOnContext(back -> task.run());
  }
}
