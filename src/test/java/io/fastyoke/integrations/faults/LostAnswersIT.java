package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.fastyoke.integrations.support.Eventually.opens;
import static io.fastyoke.integrations.support.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import io.fastyoke.integrations.faults.Plan.Script;
import io.fastyoke.integrations.faults.Plan.Step;
import io.fastyoke.integrations.faults.Plan.Target;
import io.fastyoke.integrations.faults.PostgresReader.Moment;
import io.fastyoke.integrations.faults.Receiver.Arrival;
import io.fastyoke.integrations.faults.Records.Event;
import io.fastyoke.integrations.faults.Records.Run;
import io.fastyoke.integrations.support.HttpStatus;
import io.fastyoke.integrations.support.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One replica whose database goes away and comes back. What it knows, it still knows then: that it
 * has sent something and how that ended, or that it never began.
 */
class LostAnswersIT {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration A_MOMENT = Duration.ofSeconds(2);

  /** The deadline of an attempt, 15 s, and some. */
  private static final Duration LONGER_THAN_A_LEASE =
      Duration.ofMillis(World.TIMEOUT_MS).plusSeconds(19);

  private static World world;

  @BeforeAll
  static void start() {
    world = new World(1);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Test
  void whatWasAcceptedAndNotSaidIsSentAfterAll() {
    Plan plan = plan(0, Script.OK, Target.TWILIO);
    CompletableFuture<?> caller =
        awayAt(
            Moment.ACCEPT_COMMITTED, A_MOMENT, () -> CompletableFuture.runAsync(() -> fire(plan)));
    caller.join();
    succeeded(plan, 1);
  }

  @Test
  void whatWasAcceptedAndNotSaidIsSentAfterAnOutageLongerThanItsLease() {
    Plan plan = plan(1, Script.OK, Target.SENDGRID);
    awayAt(
            Moment.ACCEPT_COMMITTED,
            LONGER_THAN_A_LEASE,
            () -> CompletableFuture.runAsync(() -> fire(plan)))
        .join();
    succeeded(plan, 1);
  }

  /** The second attempt is claimed, and the answer to the claim is lost. */
  @Test
  void whatWasClaimedAndNotToldIsSentAfterAll() {
    Plan plan = plan(2, Script.BUSY_FIRST, Target.TWILIO);
    awayAt(Moment.CLAIMED, A_MOMENT, () -> fire(plan));
    succeeded(plan, 2);
  }

  @Test
  void whatWasLetThroughAGateAndNotToldIsSentAfterAll() throws SQLException {
    Plan plan = plan(3, Script.OK, Target.TWILIO);
    sql("UPDATE connections SET max_in_flight = 1 WHERE id = '" + connection(plan) + "'");
    awayAt(Moment.ADMITTED, A_MOMENT, () -> fire(plan));
    succeeded(plan, 1);
    Plan next = plan(3, Script.OK, Target.TWILIO);
    fire(next);
    succeeded(next, 1);
    sql("UPDATE connections SET max_in_flight = NULL WHERE id = '" + connection(plan) + "'");
  }

  /** The outcome of the first action is known, and cannot be written until its lease has ended. */
  @Test
  void whatWasSentInAnOutageLongerThanItsLeaseIsKnownAfterIt() {
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      plans.add(plan(i % 4, Script.OK, Target.TWILIO, Target.SENDGRID, Target.REST));
    }
    Replica replica = world.replica(0);
    CountDownLatch away = new CountDownLatch(1);
    world
        .receiver()
        .onNextArrival(
            () -> {
              replica.database().refuse();
              away.countDown();
            });
    List<CompletableFuture<Void>> callers =
        plans.stream().map(plan -> CompletableFuture.runAsync(() -> fire(plan))).toList();
    assertThat(opens(away, PATIENCE)).isTrue();
    pause(LONGER_THAN_A_LEASE);
    replica.database().heal();
    callers.forEach(CompletableFuture::join);
    // Some may not have been accepted: their callers repeat them.
    plans.forEach(LostAnswersIT::fire);
    plans.forEach(plan -> succeeded(plan, 1));
  }

  /** The charge does not depend on the connection's being there. */
  @Test
  void whatWasFiredByAProcessThatDiedAtAConnectionThatIsGoneIsCharged() throws SQLException {
    Plan plan = plan(0, Script.OK, Target.LIMITED_REST);
    Replica replica = world.replica(0);
    CountDownLatch done = new CountDownLatch(1);
    world
        .receiver()
        .onNextArrival(
            () -> {
              replica.kill();
              done.countDown();
            });
    CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> fire(plan));
    assertThat(opens(done, PATIENCE)).isTrue();
    caller.join();
    sql("DELETE FROM connections WHERE id = '" + connection(plan) + "'");
    replica.start();
    Run run = finished(plan);
    assertThat(run.status()).isEqualTo("failed");
    assertThat(events(run)).extracting(Event::attempt).containsExactly(1);
    assertThat(charges(run)).isEqualTo(1);
  }

  /** The database goes away when the engine comes to a moment, and back after a while. */
  private static <T> T awayAt(Moment moment, Duration time, java.util.function.Supplier<T> asking) {
    Replica replica = world.replica(0);
    CountDownLatch away =
        replica.whenAt(
            moment,
            () -> {
              replica.database().refuse();
              return Verdict.CUT;
            });
    T asked = asking.get();
    assertThat(opens(away, PATIENCE)).as("the engine comes to " + moment).isTrue();
    pause(time);
    replica.database().heal();
    return asked;
  }

  /** Every action did what it was asked for, with so many requests in all, and is charged once. */
  private static void succeeded(Plan plan, int requestsForEach) {
    Run run = finished(plan);
    assertThat(run.status()).as("%s", events(run)).isEqualTo("succeeded");
    List<Arrival> arrivals =
        world.receiver().arrivals().stream().filter(seen -> seen.run().equals(run.id())).toList();
    assertThat(arrivals).hasSize(plan.steps().size() * requestsForEach);
    for (int i = 1; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i).index()).isGreaterThanOrEqualTo(arrivals.get(i - 1).index());
    }
    assertThat(events(run)).hasSize(plan.steps().size() * requestsForEach);
    assertThat(charges(run)).isEqualTo(plan.steps().size());
  }

  private static Run finished(Plan plan) {
    eventually(plan + " ends", PATIENCE, () -> run(plan) != null && run(plan).finished());
    return run(plan);
  }

  private static @Nullable Run run(Plan plan) {
    return Records.read(world.postgres()).runs().stream()
        .filter(run -> run.key().equals(plan.key()))
        .findFirst()
        .orElse(null);
  }

  private static List<Event> events(Run run) {
    return Records.read(world.postgres()).events().stream()
        .filter(event -> run.id().equals(event.run()))
        .toList();
  }

  private static int charges(Run run) {
    return Records.read(world.postgres()).charges().stream()
        .filter(charge -> run.id().equals(charge.run()))
        .mapToInt(Records.Charge::quantity)
        .sum();
  }

  private static Plan plan(int tenant, Script script, Target... targets) {
    List<Step> steps =
        Arrays.stream(targets).map(target -> new Step(target, script, false)).toList();
    return new Plan(
        world.tenants().get(tenant),
        "k-lost-" + UUID.randomUUID(),
        "j-" + UUID.randomUUID(),
        steps);
  }

  private static String connection(Plan plan) {
    return plan.tenant().connections().get(plan.steps().get(0).target());
  }

  /** Whatever the answer is. */
  private static int fire(Plan plan) {
    try {
      return HttpStatus.of(HTTP, Driver.request(plan, world.uri(0)).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sql(String text) {
    new Sql(world.postgres()::connect).execute(text);
  }
}
