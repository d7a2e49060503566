package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.errors.FieldProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may tune on a connection; null means the default.
 *
 * @param maxPerSecond attempts begun per second, over all replicas; unlimited when null
 * @param maxInFlight attempts at once, over all replicas; unlimited when null
 * @param timeoutMs bounds a whole attempt, 1 to 60,000 ms; 30,000 when null
 * @param pauseAfterFailures failed attempts in a row after which the connection is paused; never
 *     when null
 * @param whenPaused what becomes of actions while the connection is paused: {@code fail}, as also
 *     when null, or {@code hold}
 * @param holdHours how long they are held, 1 to 72 hours; 24 when null
 */
public record ConnectionSettings(
    @Nullable Integer maxPerSecond,
    @Nullable Integer maxInFlight,
    @Nullable Integer timeoutMs,
    @Nullable Integer pauseAfterFailures,
    @Nullable String whenPaused,
    @Nullable Integer holdHours) {
  /** All defaults. */
  public static final ConnectionSettings DEFAULTS =
      new ConnectionSettings(null, null, null, null, null, null);

  /** What {@link #holdHours} is when it is null. */
  public static final int DEFAULT_HOLD_HOURS = 24;

  private static final String HOLD = "hold";
  private static final String FAIL = "fail";
  private static final int MAX_HOLD_HOURS = 72;
  private static final int DEFAULT_TIMEOUT_MS = 30_000;
  private static final int MAX_TIMEOUT_MS = 60_000;
  private static final int MAX_LIMIT = 100_000;

  /** How long an attempt may last. */
  public Duration timeout() {
    return Duration.ofMillis(timeoutMs == null ? DEFAULT_TIMEOUT_MS : timeoutMs);
  }

  /** Whether actions wait for the end of a pause. */
  public boolean holds() {
    return HOLD.equals(whenPaused);
  }

  List<FieldProblem> problems() {
    List<FieldProblem> problems = new ArrayList<>();
    check(problems, "max_per_second", maxPerSecond, MAX_LIMIT);
    check(problems, "max_in_flight", maxInFlight, MAX_LIMIT);
    check(problems, "timeout_ms", timeoutMs, MAX_TIMEOUT_MS);
    check(problems, "pause_after_failures", pauseAfterFailures, MAX_LIMIT);
    check(problems, "hold_hours", holdHours, MAX_HOLD_HOURS);
    if (whenPaused != null && !whenPaused.equals(FAIL) && !whenPaused.equals(HOLD)) {
      problems.add(new FieldProblem("settings.when_paused", "must be fail or hold"));
    }
    return problems;
  }

  private static void check(
      List<FieldProblem> problems, String name, @Nullable Integer value, int most) {
    if (value != null && (value < 1 || value > most)) {
      problems.add(new FieldProblem("settings." + name, "must be between 1 and " + most));
    }
  }
}
