package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.queue.RateLimitedClaims.Admitted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many runs the limits of a connection let start; time passes by moving the limiter back. */
class RateLimitedClaimsTest {
  private static EngineRows database;

  @BeforeAll
  static void open() {
    database = new EngineRows();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void clean() {
    database.execute("TRUNCATE action_runs, connection_gates, connections CASCADE");
  }

  private static Admitted claim() {
    return claim(List.of());
  }

  private static Admitted claim(List<String> except) {
    return new RateLimitedClaims(database.pipeline, database.rows)
        .claim(
            new ClaimRequest(
                UUID.randomUUID(), 64, except, List.of(), new ClaimBudget(1_000, List.of())))
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  @Test
  void noMoreAreInFlightThanTheLimitAllows() {
    UUID connection = database.connection("max_in_flight", "2");
    database.parked(connection, 5);
    Admitted first = claim();
    assertThat(first.runs()).hasSize(2);
    assertThat(first.runs()).allMatch(run -> connection.equals(run.claim().limiter()));
    assertThat(first.nextIn()).as("no rate holds the others back").isNull();
    assertThat(claim().runs()).isEmpty();
    database.execute("UPDATE connection_gates SET in_flight = in_flight - 1");
    assertThat(claim().runs()).hasSize(1);
  }

  /** A step is 5 % longer than the rate asks for. */
  @Test
  void aRateLetsOneStartPerStepAndSaysWhenTheNextOneMay() {
    database.parked(database.connection("max_per_second", "1"), 5);
    Admitted first = claim();
    assertThat(first.runs()).hasSize(1);
    assertThat(first.nextIn()).isEqualTo(Duration.ofMillis(1_050));
    assertThat(claim().runs()).isEmpty();
    database.execute("UPDATE connection_gates SET free_at = now()");
    assertThat(claim().runs()).hasSize(1);
    database.execute("UPDATE connection_gates SET free_at = now() - interval '1 hour'");
    assertThat(claim().runs()).as("a rest is not made up for").hasSize(1);
  }

  @Test
  void aConnectionWithoutLimitsAnyMoreHoldsNothingBack() {
    UUID connection = database.connection("max_in_flight", "1");
    database.parked(connection, 3);
    database.execute("UPDATE connections SET max_in_flight = NULL");
    assertThat(claim().runs()).hasSize(3).allMatch(run -> run.claim().limiter() == null);
  }

  @Test
  void runsOfABusyTenantAreLeft() {
    database.parked(database.connection("max_in_flight", "1"), 1);
    assertThat(claim(List.of(EngineRows.TENANT)).runs()).isEmpty();
    assertThat(claim().runs()).hasSize(1);
  }
}
