package io.fastyoke.integrations.database;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What is needed once and takes long, done before the port is open: the first request would pay for
 * it, and all others on its event loop. Nothing that is done here may change anything.
 */
public final class WarmUp {
  /** For observers of the start: when everything works, and nothing is served yet. */
  public static final int PRIORITY = Integer.MAX_VALUE - 100;

  /** A tenant to read as. Should there be one of this name, nothing of it is kept. */
  public static final String NOBODY = "fastyoke.warm-up";

  private static final Logger LOG = Logger.getLogger(WarmUp.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private WarmUp() {}

  /**
   * Does some work on an event loop and waits for it, on the main thread. A failure is none of the
   * start: whoever does the same for a request will be told.
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
                  .invoke(WarmUp::note)
                  .onFailure()
                  .recoverWithNull());
    } catch (Throwable e) {
      note(e);
    }
  }

  private static void note(Throwable failure) {
    LOG.debugf(failure, "Something could not be warmed up");
  }
}
