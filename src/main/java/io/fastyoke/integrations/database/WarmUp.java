package io.fastyoke.integrations.database;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Does slow one-time work (class loading, first statements) before the port opens, so that the
 * first requests need not wait for it. Warm-up work must not change anything.
 */
public final class WarmUp {
  /** Priority of start-up observers: everything works, and no request is served yet. */
  public static final int PRIORITY = Integer.MAX_VALUE - 100;

  /** The tenant that warm-up statements read as; their results are discarded. */
  public static final String TENANT = "fastyoke.warm-up";

  private static final Logger LOG = Logger.getLogger(WarmUp.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private WarmUp() {}

  /**
   * Runs work on an event loop and waits for it on the main thread, up to 5 s. A failure does not
   * stop the start; a request that fails in the same way reports it.
   */
  public static void on(Supplier<Uni<?>> work) {
    try {
      VertxContextSupport.subscribeAndAwait(
          () ->
              work.get()
                  .replaceWithVoid()
                  .ifNoItem()
                  .after(TIMEOUT)
                  .fail()
                  .onFailure()
                  .invoke(WarmUp::logFailure)
                  .onFailure()
                  .recoverWithNull());
    } catch (Throwable e) {
      logFailure(e);
    }
  }

  private static void logFailure(Throwable failure) {
    LOG.debugf(failure, "Warm-up failed");
  }
}
