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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callers that asked to wait for a run ({@code Prefer: wait}, RFC 7240, 4.3). */
@ApplicationScoped
public class CompletionWaits {
  /**
   * The run may be executed by another replica, or have finished before the wait began: only the
   * database knows.
   */
  static final long FIRST_LOOK_MS = 50;

  static final long MAX_LOOK_DELAY_MS = 500;

  private final ConcurrentMap<UUID, List<Wait>> waits = new ConcurrentHashMap<>();
  private final Timers timers;
  private volatile boolean stopped;

  CompletionWaits(Timers timers) {
    this.timers = timers;
  }

  /**
   * The run once it is finished, or as it is when the time is up or the service stops.
   *
   * @param current reads the run as it is now
   */
  public Uni<Run> await(UUID id, Duration atMost, Supplier<Uni<Run>> current) {
    return Uni.createFrom()
        .<Optional<Run>>emitter(emitter -> new Wait(id, current, emitter).begin(atMost))
        .chain(finished -> finished.map(Uni.createFrom()::item).orElseGet(current))
        .emitOn(CallerContext.here());
  }

  /** Ends the waits for a run that has finished. */
  void finished(Run run) {
    end(run.id(), Optional.of(run));
  }

  /** The service stops: ends all waits, and those that would begin from here on. */
  void stop() {
    stopped = true;
    List.copyOf(waits.keySet()).forEach(id -> end(id, Optional.empty()));
  }

  private void end(UUID id, Optional<Run> finished) {
    List<Wait> ended = waits.remove(id);
    if (ended != null) {
      ended.forEach(wait -> wait.emitter.complete(finished));
    }
  }

  /** One caller's wait; its result is empty when the run is not known to have finished. */
  private final class Wait {
    private final UUID id;
    private final Supplier<Uni<Run>> current;
    private final UniEmitter<? super Optional<Run>> emitter;
    private long deadline;
    private volatile long look;
    private volatile boolean ended;

    Wait(UUID id, Supplier<Uni<Run>> current, UniEmitter<? super Optional<Run>> emitter) {
      this.id = id;
      this.current = current;
      this.emitter = emitter;
    }

    void begin(Duration atMost) {
      emitter.onTermination(this::end);
      deadline =
          timers.after(Math.max(1, atMost.toMillis()), () -> emitter.complete(Optional.empty()));
      lookAfter(FIRST_LOOK_MS);
      waits.compute(id, (run, others) -> with(others));
      if (stopped) {
        emitter.complete(Optional.empty());
      }
      if (ended) {
        end();
      }
    }

    private List<Wait> with(@Nullable List<Wait> others) {
      List<Wait> all = others == null ? new CopyOnWriteArrayList<>() : others;
      all.add(this);
      return all;
    }

    private void lookAfter(long delayMs) {
      look = timers.after(delayMs, () -> look(delayMs));
      if (ended) {
        timers.cancel(look);
      }
    }

    private void look(long delayMs) {
      long next = Math.min(2 * delayMs, MAX_LOOK_DELAY_MS);
      current
          .get()
          .subscribe()
          .with(
              run -> {
                if (run.isFinished()) {
                  emitter.complete(Optional.of(run));
                } else if (!ended) {
                  lookAfter(next);
                }
              },
              failure -> {
                if (!ended) {
                  lookAfter(next);
                }
              });
    }

    private void end() {
      ended = true;
      timers.cancel(deadline);
      timers.cancel(look);
      waits.computeIfPresent(
          id,
          (run, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
