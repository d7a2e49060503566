package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.opens;
import static io.fastyoke.integrations.support.Eventually.pause;

import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import io.fastyoke.integrations.faults.PostgresReader.Moment;
import io.fastyoke.integrations.support.HttpStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** The faults, each of which breaks something under load, mends it, and writes down when. */
final class Storm {
  /** A lease outlives an attempt's deadline by 15 s. */
  private static final Duration LONGER_THAN_A_LEASE =
      Duration.ofMillis(World.TIMEOUT_MS).plusSeconds(17);

  private static final Duration UNTIL_IT_HAPPENS = Duration.ofSeconds(20);
  private static final Duration PROMISED_RECOVERY = Duration.ofSeconds(10);
  private static final Duration PROMISED_REFUSAL = Duration.ofMillis(2_500);

  private final World world;
  private final History history;
  private final Driver driver;
  private final Random random;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int probes;
  private Duration slowestRecovery = Duration.ZERO;

  Storm(World world, History history, Driver driver, Random random) {
    this.world = world;
    this.history = history;
    this.driver = driver;
    this.random = random;
  }

  /** Every fault by its name. */
  Map<String, Runnable> faults() {
    Map<String, Runnable> all = new LinkedHashMap<>();
    for (Moment moment : Moment.values()) {
      all.put("kill -9 at " + moment, () -> killAt(moment));
    }
    all.put("kill -9 when a request has arrived", this::killWhenArrived);
    all.put("kill -9 when half a request is sent", this::killWhenHalfSent);
    all.put("kill -9 at any time", this::killAtRandom);
    all.put("cut before COMMIT of accepting", () -> cutAt(Moment.ACCEPT_COMMITTING, Verdict.CUT));
    all.put(
        "cut during COMMIT of accepting",
        () -> cutAt(Moment.ACCEPT_COMMITTING, Verdict.PASS_AND_CUT));
    all.put("cut after COMMIT of accepting", () -> cutAt(Moment.ACCEPT_COMMITTED, Verdict.CUT));
    all.put("cut before COMMIT of outcomes", () -> cutAt(Moment.OUTCOME_COMMITTING, Verdict.CUT));
    all.put(
        "cut during COMMIT of outcomes",
        () -> cutAt(Moment.OUTCOME_COMMITTING, Verdict.PASS_AND_CUT));
    all.put("cut after COMMIT of outcomes", () -> cutAt(Moment.OUTCOME_COMMITTED, Verdict.CUT));
    all.put("cut after a claim", () -> cutAt(Moment.CLAIMED, Verdict.CUT));
    all.put(
        "silence during COMMIT of accepting",
        () -> cutAt(Moment.ACCEPT_COMMITTING, Verdict.SILENCE));
    all.put(
        "silence during COMMIT of outcomes",
        () -> cutAt(Moment.OUTCOME_COMMITTING, Verdict.SILENCE));
    all.put("receivers cut, reset and sliced", this::receiversMisbehave);
    all.put("database 500 ms away", this::slowDatabase);
    all.put("half-open connections to the database", this::halfOpen);
    all.put("pg_terminate_backend", this::terminateSessions);
    all.put("PostgreSQL stopped immediately", this::stopDatabase);
    all.put("database away", this::outage);
    all.put("SIGSTOP longer than a lease", this::halt);
    all.put("SIGTERM under load", this::terminate);
    return all;
  }

  private void killAt(Moment moment) {
    Replica victim = victim();
    Instant from = Instant.now();
    if (moment == Moment.CLAIMED) {
      makeWorkForClaimers(victim);
    }
    boolean happened = victim.at(moment, UNTIL_IT_HAPPENS, victim::kill);
    expect(happened, "nobody came to " + moment);
    restart(victim, "kill -9 at " + moment, from);
  }

  /** What the replica that accepts it does not finish itself is left to whoever claims it. */
  private void makeWorkForClaimers(Replica victim) {
    Replica other = world.replica(0) == victim ? world.replica(1) : world.replica(0);
    other.database().resetAll();
  }

  private void killWhenArrived() {
    // Whose request it is shows only in who is gone: the one that is killed may be the other one.
    Replica victim = victim();
    Instant from = Instant.now();
    CountDownLatch done = new CountDownLatch(1);
    world
        .receiver()
        .onNextArrival(
            () -> {
              victim.kill();
              done.countDown();
            });
    expect(opens(done, UNTIL_IT_HAPPENS), "nothing arrived");
    world.receiver().disarm();
    restart(victim, "kill -9 when a request has arrived", from);
  }

  private void killWhenHalfSent() {
    Replica victim = victim();
    Instant from = Instant.now();
    CountDownLatch done = new CountDownLatch(1);
    world.onNextRequest(
        () -> {
          victim.kill();
          done.countDown();
          return Verdict.HALF_AND_CUT;
        });
    expect(opens(done, UNTIL_IT_HAPPENS), "nothing was sent");
    world.onNextRequest(null);
    restart(victim, "kill -9 when half a request is sent", from);
  }

  private void killAtRandom() {
    Replica victim = victim();
    pause(Duration.ofMillis(random.nextInt(500)));
    Instant from = Instant.now();
    victim.kill();
    restart(victim, "kill -9 at any time", from);
  }

  private void restart(Replica victim, String kind, Instant from) {
    history.fault(kind, from);
    victim.process().kill();
    victim.start();
  }

  private void cutAt(Moment moment, Verdict verdict) {
    Replica victim = victim();
    Instant from = Instant.now();
    boolean happened = victim.at(moment, UNTIL_IT_HAPPENS, () -> verdict);
    expect(happened || moment == Moment.CLAIMED, "nobody came to " + moment);
    history.fault(verdict + " at " + moment, from);
    expectServed(victim, verdict + " at " + moment);
  }

  private void receiversMisbehave() {
    Instant from = Instant.now();
    world.outside().sliceInto(7);
    pause(Duration.ofSeconds(1));
    world.outside().heal();
    for (int i = 0; i < 5; i++) {
      world.outside().resetAll();
      pause(Duration.ofMillis(100));
      world.outside().cutAll();
      pause(Duration.ofMillis(100));
    }
    world.outside().delayBy(Duration.ofMillis(200));
    pause(Duration.ofSeconds(1));
    world.outside().heal();
    history.fault("receivers cut, reset and sliced", from);
  }

  private void slowDatabase() {
    Instant from = Instant.now();
    world.replicas().forEach(replica -> replica.database().delayBy(Duration.ofMillis(500)));
    pause(Duration.ofSeconds(4));
    world.replicas().forEach(replica -> replica.database().heal());
    history.fault("database 500 ms away", from);
    world.replicas().forEach(replica -> expectServed(replica, "500 ms latency"));
  }

  private void halfOpen() {
    Replica victim = victim();
    Instant from = Instant.now();
    victim.database().fallSilent();
    pause(Duration.ofSeconds(3));
    victim.database().heal();
    history.fault("half-open connections to the database", from);
    expectServed(victim, "half-open connections");
  }

  private void terminateSessions() {
    Instant from = Instant.now();
    for (int i = 0; i < 5; i++) {
      world.postgres().terminateSessions();
      pause(Duration.ofMillis(200));
    }
    history.fault("pg_terminate_backend", from);
    world.replicas().forEach(replica -> expectServed(replica, "pg_terminate_backend"));
  }

  private void stopDatabase() {
    Instant from = Instant.now();
    world.postgres().stopImmediately();
    pause(Duration.ofSeconds(1));
    world.postgres().start();
    history.fault("PostgreSQL stopped immediately", from);
    world.replicas().forEach(replica -> expectServed(replica, "a crash of PostgreSQL"));
  }

  private void outage() {
    Instant from = Instant.now();
    world.replicas().forEach(replica -> replica.database().refuse());
    pause(Duration.ofSeconds(1));
    for (Replica replica : world.replicas()) {
      int number = world.replicas().indexOf(replica);
      Instant asked = Instant.now();
      int status = driver.ask(probe(), number);
      Duration took = Duration.between(asked, Instant.now());
      expect(status == 503, "accepting was answered " + status + " with the database away");
      expect(took.compareTo(PROMISED_REFUSAL) < 0, "refusing took " + took);
      expect(status(replica, "/q/health/live") == 200, "not live with the database away");
      expectWithin(
          PROMISED_RECOVERY,
          () -> status(replica, "/q/health/ready") == 503,
          "ready with the database away");
    }
    pause(Duration.ofSeconds(5));
    world.replicas().forEach(replica -> replica.database().heal());
    history.fault("database away", from);
    world.replicas().forEach(replica -> expectServed(replica, "an outage"));
  }

  private void halt() {
    Replica victim = victim();
    Instant from = Instant.now();
    victim.process().stopSignal();
    pause(LONGER_THAN_A_LEASE);
    victim.process().continueSignal();
    pause(Duration.ofSeconds(2));
    history.fault("SIGSTOP longer than a lease", from);
    victim.forgiveBlocked();
    expectServed(victim, "SIGCONT");
  }

  private void terminate() {
    Replica victim = victim();
    Instant from = Instant.now();
    int code = victim.process().terminate();
    expect(code == 0, "exit code " + code + " after SIGTERM");
    history.fault("SIGTERM under load", from);
    victim.start();
  }

  /** Ready, and accepting, as soon as it was promised. */
  private void expectServed(Replica replica, String what) {
    int number = world.replicas().indexOf(replica);
    Instant from = Instant.now();
    expectWithin(
        PROMISED_RECOVERY,
        () -> driver.ask(probe(), number) / 100 == 2,
        "replica " + number + " does not accept after " + what);
    expectWithin(
        PROMISED_RECOVERY,
        () -> status(replica, "/q/health/ready") == 200,
        "replica " + number + " is not ready after " + what);
    slowestRecovery = max(slowestRecovery, Duration.between(from, Instant.now()));
  }

  /** From the end of a fault until both accepting and readiness were good again, at most. */
  Duration slowestRecovery() {
    return slowestRecovery;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Plan probe() {
    Tenant tenant = world.tenants().get(0);
    return Plan.random(random, tenant, "k-probe-" + world.hashCode() + "-" + probes++, null);
  }

  private Replica victim() {
    return world.replica(random.nextInt(2));
  }

  private int status(Replica replica, String path) {
    URI uri = replica.uri().resolve(path);
    return HttpStatus.of(http, HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build());
  }

  private void expect(boolean truth, String otherwise) {
    if (!truth) {
      history.violation(otherwise);
    }
  }

  private void expectWithin(Duration time, BooleanSupplier truth, String otherwise) {
    Instant deadline = Instant.now().plus(time);
    while (!truth.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        history.violation(otherwise + " within " + time);
        return;
      }
      pause(Duration.ofMillis(100));
    }
  }
}
