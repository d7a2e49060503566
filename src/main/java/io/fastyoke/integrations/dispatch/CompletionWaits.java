package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.plan.Run;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callers that asked to wait for a run ({@code Prefer: wait}, RFC 7240, 4.3). */
@ApplicationScoped
public class CompletionWaits {
  /**
   * Another replica may be executing the run, or it may have finished before anybody waited; that
   * is seen in the database only.
   */
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final ConcurrentMap<UUID, List<UniEmitter<? super Optional<Run>>>> waiting =
      new ConcurrentHashMap<>();

  private volatile boolean stopped;

  /**
   * The run once it is finished, or as it is when the time is up or the service stops.
   *
   * @param current reads the run as it is now
   */
  public Uni<Run> await(UUID id, Duration atMost, Supplier<Uni<Run>> current) {
    AtomicReference<@Nullable UniEmitter<? super Optional<Run>>> own = new AtomicReference<>();
    Uni<Run> here =
        Uni.createFrom()
            .<Optional<Run>>emitter(
                emitter -> {
                  own.set(emitter);
                  add(id, emitter);
                })
            .chain(finished -> finished.map(Uni.createFrom()::item).orElseGet(current));
    Uni<Run> elsewhere =
        Uni.createFrom()
            .voidItem()
            .onItem()
            .delayIt()
            .by(FIRST_LOOK)
            .chain(() -> current.get())
            .invoke(CompletionWaits::requireFinished)
            .onFailure(NotYet.class)
            .retry()
            .withBackOff(FIRST_LOOK, LONGEST_PAUSE)
            .withJitter(0)
            .indefinitely();
    return Uni.join()
        .first(here, elsewhere)
        .withItem()
        .ifNoItem()
        .after(atMost)
        .recoverWithUni(() -> current.get())
        .emitOn(CallerContext.here())
        .onTermination()
        .invoke(() -> remove(id, own.get()));
  }

  /** Tells whoever waits that a run is finished. */
  void finished(Run run) {
    List<UniEmitter<? super Optional<Run>>> emitters = waiting.remove(run.id());
    if (emitters != null) {
      emitters.forEach(emitter -> emitter.complete(Optional.of(run)));
    }
  }

  /** The service stops: all who wait, and who would from here on, are told how their run is. */
  void giveUp() {
    stopped = true;
    for (UUID id : List.copyOf(waiting.keySet())) {
      List<UniEmitter<? super Optional<Run>>> emitters = waiting.remove(id);
      if (emitters != null) {
        emitters.forEach(emitter -> emitter.complete(Optional.empty()));
      }
    }
  }

  private void add(UUID id, UniEmitter<? super Optional<Run>> emitter) {
    waiting.compute(
        id,
        (run, others) -> {
          List<UniEmitter<? super Optional<Run>>> all =
              others == null ? new CopyOnWriteArrayList<>() : others;
          all.add(emitter);
          return all;
        });
    if (stopped) {
      emitter.complete(Optional.empty());
    }
  }

  private void remove(UUID id, @Nullable UniEmitter<? super Optional<Run>> emitter) {
    waiting.computeIfPresent(
        id,
        (run, all) -> {
          all.remove(emitter);
          return all.isEmpty() ? null : all;
        });
  }

  private static void requireFinished(Run run) {
    if (!run.isFinished()) {
      throw new NotYet();
    }
  }

  /** Asks for another look; carries no stack trace. */
  private static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotYet() {
      super("not finished yet", null, false, false);
    }
  }
}
