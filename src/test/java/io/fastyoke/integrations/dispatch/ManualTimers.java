package io.fastyoke.integrations.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A clock that only a test moves on; the timers fire on the test's thread. */
final class ManualTimers implements Timers {
  private record Timer(long id, long at, long everyNanos, Runnable task) {}

  private final List<Timer> timers = new ArrayList<>();
  private long now = TimeUnit.HOURS.toNanos(1);
  private long ids;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long after(long millis, Runnable task) {
    return add(millis, 0, task);
  }

  @Override
  public long every(long millis, Runnable task) {
    return add(millis, TimeUnit.MILLISECONDS.toNanos(millis), task);
  }

  @Override
  public void cancel(long timer) {
    timers.removeIf(each -> each.id() == timer);
  }

  /** Timers that have not fired yet. */
  int waiting() {
    return timers.size();
  }

  /** Moves the clock on, and fires what is due by then in the order of time. */
  void advance(long millis) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    for (Optional<Timer> next = next(end); next.isPresent(); next = next(end)) {
      Timer due = next.get();
      timers.remove(due);
      now = Math.max(now, due.at());
      if (due.everyNanos() > 0) {
        timers.add(new Timer(due.id(), due.at() + due.everyNanos(), due.everyNanos(), due.task()));
      }
      due.task().run();
    }
    now = end;
  }

  void advance(Duration time) {
    advance(time.toMillis());
  }

  private Optional<Timer> next(long end) {
    return timers.stream()
        .filter(timer -> timer.at() <= end)
        .min(Comparator.comparingLong(Timer::at));
  }

  private long add(long millis, long everyNanos, Runnable task) {
    Timer timer = new Timer(++ids, now + TimeUnit.MILLISECONDS.toNanos(millis), everyNanos, task);
    timers.add(timer);
    return timer.id();
  }
}
