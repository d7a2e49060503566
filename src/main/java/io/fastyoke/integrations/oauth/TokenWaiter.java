package io.fastyoke.integrations.oauth;

import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An attempt that waits for a token. Is told once, on its own Vert.x context if it has one. */
final class TokenWaiter {
  private final UniEmitter<? super TokenResult> emitter;
  private final @Nullable Context context = Vertx.currentContext();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile Runnable timer = () -> {};

  TokenWaiter(UniEmitter<? super TokenResult> emitter) {
    this.emitter = emitter;
    emitter.onTermination(this::leave);
  }

  /** Waits no longer than this timer, which is cancelled when there is an answer. */
  void until(Runnable cancel) {
    timer = cancel;
    if (told.get()) {
      cancel.run();
    }
  }

  private void leave() {
    told.set(true);
    timer.run();
  }

  /**
   * @param result is asked for only if it is still waited for
   */
  void tell(Supplier<TokenResult> result) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    timer.run();
    TokenResult mine = result.get();
    if (context == null) {
      emitter.complete(mine);
    } else {
      context.runOnContext(back -> emitter.complete(mine));
    }
  }
}
