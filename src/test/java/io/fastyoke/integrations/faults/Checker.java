package io.fastyoke.integrations.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.fastyoke.integrations.faults.History.Accepted;
import io.fastyoke.integrations.faults.Plan.Step;
import io.fastyoke.integrations.faults.Receiver.Arrival;
import io.fastyoke.integrations.faults.Records.Charge;
import io.fastyoke.integrations.faults.Records.Event;
import io.fastyoke.integrations.faults.Records.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares what callers were promised with what receivers saw and what the database says, once
 * everything has come to rest.
 */
final class Checker {
  /** From an arrival to its outcome's being on disk, on a slow machine with nothing broken. */
  private static final Duration UNTIL_RECORDED = Duration.ofSeconds(3);

  /** After these the engine cannot know whether the receiver has acted. */
  private static final Set<String> UNKNOWN =
      Set.of("timeout", "connection_lost", "protocol_error", "outcome_unknown");

  private static final Duration CLOCKS = Duration.ofMillis(2);

  private final History history;
  private final Records records;
  private final Map<String, Plan> plans;
  private final Map<String, List<Arrival>> arrivals;
  private final Map<String, List<Event>> events;
  private final Map<String, List<Charge>> charges;
  private final List<String> violations = new ArrayList<>();
  private int lost;
  private int doubleBills;
  private int doubleMessages;
  private int duplicates;

  Checker(History history, Receiver receiver, Records records) {
    this.history = history;
    this.records = records;
    plans =
        history.accepted().stream()
            .collect(toMap(run -> run.plan().key(), Accepted::plan, (one, same) -> one));
    arrivals =
        receiver.arrivals().stream()
            .sorted(Comparator.comparing(Arrival::at))
            .collect(groupingBy(Arrival::delivery));
    events = records.events().stream().collect(groupingBy(Event::delivery));
    charges = records.charges().stream().collect(groupingBy(Charge::delivery));
  }

  /** What was found. */
  record Findings(
      int accepted,
      int arrivals,
      int lost,
      int doubleBills,
      int doubleMessages,
      int duplicates,
      List<String> violations) {}

  Findings check() {
    violations.addAll(history.violations());
    everyAcceptedRunEnds();
    Map<String, Run> byId = records.runs().stream().collect(toMap(Run::id, run -> run));
    Map<String, List<Event>> byRun = records.events().stream().collect(groupingBy(Event::run));
    for (Run run : records.runs()) {
      Plan plan = plans.getOrDefault(run.key(), history.askedFor(run.key()));
      if (plan == null) {
        violation("run %s has a key that nobody was told of: %s", run.id(), run.key());
      } else {
        check(run, plan, byRun.getOrDefault(run.id(), List.of()));
      }
    }
    arrivals.values().stream()
        .flatMap(List::stream)
        .filter(arrival -> !byId.containsKey(arrival.run()))
        .forEach(arrival -> violation("arrival of a run that is not on disk: %s", arrival));
    inJobOrder();
    cancelledForGood(byId);
    if (records.countedAtGates() != 0) {
      violation("%d attempts are still counted at gates", records.countedAtGates());
    }
    return new Findings(
        plans.size(),
        arrivals.values().stream().mapToInt(List::size).sum(),
        lost,
        doubleBills,
        doubleMessages,
        duplicates,
        violations);
  }

  /** I1, and one run per key. */
  private void everyAcceptedRunEnds() {
    Map<String, Run> byKey = records.runs().stream().collect(toMap(Run::key, run -> run));
    for (Accepted accepted : history.accepted()) {
      Run run = byKey.get(accepted.plan().key());
      if (run == null) {
        lost++;
        violation("I1: accepted and not there: %s", accepted);
      } else if (!run.id().equals(accepted.run())) {
        violation("one key, two runs: %s and %s", accepted, run);
      } else if (!run.finished()) {
        lost++;
        violation("I1: accepted and not finished: %s", run);
      } else if (accepted.plan().mustSucceed()
          && !history.isCancelAsked(run.id())
          && !run.status().equals("succeeded")) {
        violation("%s could have succeeded: %s", run, accepted.plan().steps());
      }
    }
  }

  private void check(Run run, Plan plan, List<Event> log) {
    Instant decided = Instant.MIN;
    for (int index = 0; index < plan.steps().size(); index++) {
      int position = index;
      List<Event> own = log.stream().filter(event -> event.index() == position).toList();
      Set<String> deliveries = new HashSet<>();
      own.forEach(event -> deliveries.add(event.delivery()));
      if (deliveries.size() != 1) {
        violation("I5: action %d of %s has %d deliveries", index, run, deliveries.size());
        continue;
      }
      String delivery = deliveries.iterator().next();
      logged(run, own);
      charged(run, delivery, own);
      List<Arrival> seen = arrivals.getOrDefault(delivery, List.of());
      arrived(run, plan, plan.steps().get(index), seen, own);
      decided = inTurn(run, seen, own, decided);
    }
  }

  /** I5: attempts 1, 2, 3…, and exactly one row, the last, that ends the action. */
  private void logged(Run run, List<Event> own) {
    List<Integer> attempts =
        own.stream().map(Event::attempt).filter(Objects::nonNull).sorted().toList();
    for (int i = 0; i < attempts.size(); i++) {
      if (attempts.get(i) != i + 1) {
        violation("I5: attempts %s in the log of %s", attempts, run);
        break;
      }
    }
    long ends = own.stream().filter(Event::endsAction).count();
    if (run.finished() && (ends != 1 || !own.get(own.size() - 1).endsAction())) {
      violation("I5: %d rows end an action of %s: %s", ends, run, own);
    }
  }

  /** I2. */
  private void charged(Run run, String delivery, List<Event> own) {
    boolean fired = own.stream().anyMatch(event -> event.attempt() != null);
    int quantity =
        charges.getOrDefault(delivery, List.of()).stream().mapToInt(Charge::quantity).sum();
    if (quantity > 1) {
      doubleBills++;
    }
    if (quantity != (fired ? 1 : 0)) {
      violation("I2: charged %d times: %s %s", quantity, run, own);
    }
  }

  /** I3 and I7. */
  private void arrived(Run run, Plan plan, Step step, List<Arrival> seen, List<Event> own) {
    boolean success = own.stream().anyMatch(event -> event.outcome().equals("success"));
    if (success && seen.isEmpty()) {
      violation("I3: success without an arrival: %s %s", run, own);
    }
    if (own.stream().allMatch(event -> event.attempt() == null) && !seen.isEmpty()) {
      violation("arrived, and the log knows no attempt: %s %s", run, seen);
    }
    for (Arrival arrival : seen) {
      if (!rightSecret(plan.tenant(), step, arrival)) {
        violation("I7: not the tenant's own secret: %s of %s", arrival, plan.tenant().name());
      }
      if (step.target().deduplicates() && !arrival.delivery().equals(arrival.header())) {
        violation("I3: two delivery ids: %s", arrival);
      }
    }
    for (int i = 1; i < seen.size(); i++) {
      repeated(run, step, seen.get(i - 1), own);
    }
  }

  /** Another arrival followed this one. */
  private void repeated(Run run, Step step, Arrival before, List<Event> own) {
    if (before.asksForMore()) {
      return;
    }
    if (!step.target().deduplicates()) {
      doubleMessages++;
      violation("I3: sent twice to %s: %s, before %s", step.target(), run, before);
      return;
    }
    duplicates++;
    boolean broken =
        history.faults().stream().anyMatch(fault -> fault.strikes(before.at(), UNTIL_RECORDED));
    boolean unanswered =
        own.stream()
            .anyMatch(
                event ->
                    String.valueOf(event.attempt()).equals(before.attempt())
                        && UNKNOWN.contains(String.valueOf(event.error())));
    if (!broken && !unanswered && !before.closed()) {
      violation("I3: repeated without a fault: %s, before %s, log %s", run, before, own);
    }
  }

  /** I4: nothing of an action arrives before the one in front of it is decided. */
  private Instant inTurn(Run run, List<Arrival> seen, List<Event> own, Instant decidedBefore) {
    for (Arrival arrival : seen) {
      if (arrival.at().plus(CLOCKS).isBefore(decidedBefore)) {
        violation("I4: %s of %s arrived before %s", arrival, run, decidedBefore);
      }
    }
    Instant latest = decidedBefore;
    for (Event event : own) {
      latest = event.endsAction() && event.at().isAfter(latest) ? event.at() : latest;
    }
    for (Arrival arrival : seen) {
      latest = arrival.at().isAfter(latest) ? arrival.at() : latest;
    }
    return latest;
  }

  /** Who is told that a run is cancelled can rely on it: nothing of it is sent any more. */
  private void cancelledForGood(Map<String, Run> byId) {
    for (Map.Entry<String, Instant> told : history.cancelled().entrySet()) {
      Run run = byId.get(told.getKey());
      if (run == null || !run.status().equals("cancelled")) {
        violation("somebody was told that it is cancelled: %s", run);
      }
      arrivals.values().stream()
          .flatMap(List::stream)
          .filter(arrival -> arrival.run().equals(told.getKey()))
          .filter(arrival -> arrival.at().isAfter(told.getValue().plus(CLOCKS)))
          .forEach(arrival -> violation("cancelled at %s: %s", told.getValue(), arrival));
    }
    records.runs().stream()
        .filter(run -> run.status().equals("cancelled") && !history.isCancelAsked(run.id()))
        .forEach(run -> violation("nobody cancelled it: %s", run));
  }

  /** Runs of one job fire in the order in which they were accepted. */
  private void inJobOrder() {
    Map<String, TreeMap<Long, Run>> jobs = new TreeMap<>();
    for (Run run : records.runs()) {
      if (run.job() != null) {
        jobs.computeIfAbsent(run.tenant() + " " + run.job(), any -> new TreeMap<>())
            .put(run.seq(), run);
      }
    }
    Map<String, List<Arrival>> byRun =
        arrivals.values().stream().flatMap(List::stream).collect(groupingBy(Arrival::run));
    for (TreeMap<Long, Run> job : jobs.values()) {
      Instant latest = Instant.MIN;
      int number = -1;
      for (Run run : job.values()) {
        int next = Integer.parseInt(run.key().substring(run.key().lastIndexOf('-') + 1));
        if (next < number) {
          violation("accepted before %d of its job, and behind it: %s", number, run);
        }
        number = next;
        for (Arrival arrival : byRun.getOrDefault(run.id(), List.of())) {
          if (arrival.at().isBefore(latest)) {
            violation("order of the job: %s of %s arrived before %s", arrival, run, latest);
          }
        }
        for (Arrival arrival : byRun.getOrDefault(run.id(), List.of())) {
          latest = arrival.at().isAfter(latest) ? arrival.at() : latest;
        }
      }
    }
  }

  private static boolean rightSecret(Tenant tenant, Step step, Arrival arrival) {
    String bearer = "Bearer " + tenant.secret();
    String login = tenant.accountSid() + ":" + tenant.secret();
    return switch (step.target()) {
      case REST, LIMITED_REST ->
          arrival.path().equals("/" + tenant.name() + "/hook")
              && bearer.equals(arrival.authorization());
      case TWILIO ->
          arrival.path().contains(tenant.accountSid())
              && ("Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)))
                  .equals(arrival.authorization());
      case SENDGRID -> bearer.equals(arrival.authorization());
    };
  }

  private void violation(String format, Object... values) {
    violations.add(format.formatted(values));
  }
}
