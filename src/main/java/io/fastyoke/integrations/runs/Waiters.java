package io.fastyoke.integrations.runs;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Callers that asked to wait for a run ({@code Prefer: wait}, RFC 7240, 4.3). */
@ApplicationScoped
public class Waiters {
  /** Another replica may be executing the run; its end is seen in the database only. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final ConcurrentMap<UUID, List<UniEmitter<? super Run>>> waiting =
      new ConcurrentHashMap<>();

  /**
   * The run once it is finished, or as it is when the time is up.
   *
   * @param current reads the run as it is now
   */
  Uni<Run> await(UUID id, Duration atMost, Supplier<Uni<Run>> current) {
    Uni<Run> here = Uni.createFrom().emitter(emitter -> add(id, emitter));
    Uni<Run> elsewhere =
        current
            .get()
            .onItem()
            .transformToUni(
                run ->
                    run.isFinished()
                        ? Uni.createFrom().item(run)
                        : Uni.createFrom()
                            .<Run>failure(new NotYet())
                            .onFailure()
                            .call(
                                () ->
                                    Uni.createFrom().voidItem().onItem().delayIt().by(LOOK_AGAIN)))
            .onFailure(NotYet.class)
            .retry()
            .indefinitely();
    return Uni.join()
        .first(here, Uni.createFrom().deferred(() -> elsewhere))
        .withItem()
        .ifNoItem()
        .after(atMost)
        .recoverWithUni(() -> current.get())
        .onTermination()
        .invoke(() -> waiting.remove(id));
  }

  /** Tells whoever waits that a run is finished. */
  void finished(Run run) {
    List<UniEmitter<? super Run>> emitters = waiting.remove(run.id());
    if (emitters != null) {
      emitters.forEach(emitter -> emitter.complete(run));
    }
  }

  private void add(UUID id, UniEmitter<? super Run> emitter) {
    waiting.computeIfAbsent(id, any -> new CopyOnWriteArrayList<>()).add(emitter);
  }

  /** Asks for another look; carries no stack trace. */
  private static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotYet() {
      super("not finished yet", null, false, false);
    }
  }
}
