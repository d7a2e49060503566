package io.fastyoke.integrations.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What callers were promised, and what was broken when. */
final class History {
  /**
   * A run that was accepted.
   *
   * @param run its id
   */
  record Accepted(Plan plan, String run) {}

  /** A fault, from its first to its last moment. */
  record Fault(String kind, Instant from, Instant until) {
    /** Whether something that happened then, and took no longer than this, was struck by it. */
    boolean strikes(Instant then, Duration lasting) {
      return !then.isAfter(until) && !then.plus(lasting).isBefore(from);
    }
  }

  private final Collection<Accepted> accepted = new ConcurrentLinkedQueue<>();
  private final Map<String, Plan> asked = new ConcurrentHashMap<>();
  private final Set<String> cancelAsked = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> cancelled = new ConcurrentHashMap<>();
  private final Collection<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Collection<String> violations = new ConcurrentLinkedQueue<>();

  /** Somebody wants it fired once; without a 202 nobody may know whether that was heard. */
  void asked(Plan plan) {
    asked.put(plan.key(), plan);
  }

  @Nullable Plan askedFor(String key) {
    return asked.get(key);
  }

  void accepted(Plan plan, String run) {
    accepted.add(new Accepted(plan, run));
  }

  /** Somebody wants the run cancelled; nobody may know whether that was heard. */
  void cancelAsked(String run) {
    cancelAsked.add(run);
  }

  /** Somebody was told that it is. */
  void cancelled(String run, Instant at) {
    cancelled.putIfAbsent(run, at);
  }

  boolean isCancelAsked(String run) {
    return cancelAsked.contains(run);
  }

  /** When somebody was told that a run is cancelled, by its id. */
  Map<String, Instant> cancelled() {
    return cancelled;
  }

  void fault(String kind, Instant from) {
    faults.add(new Fault(kind, from, Instant.now()));
  }

  /** Something that callers must never see. */
  void violation(String what) {
    violations.add(what);
  }

  Collection<Accepted> accepted() {
    return accepted;
  }

  Collection<Fault> faults() {
    return faults;
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
