package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Instant NOW = Instant.now();
  private static EngineRows database;

  private final CircuitBreaker breaker = new CircuitBreaker(database.pipeline);
  private UUID connection;

  @BeforeAll
  static void open() {
    database = new EngineRows();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void connection() {
    connection = database.connection("pause_after_failures", "2");
    database.execute("UPDATE connections SET updated_at = now() - interval '1 minute'");
  }

  private static void record(Statement statement) {
    database.pipeline.transaction(List.of(statement)).await().atMost(Duration.ofSeconds(30));
  }

  private void attempt(String outcome) {
    database.execute(
        """
        INSERT INTO event_log (id, tenant_id, connection_id, provider, event_type, outcome, attempt, occurred_at)
        SELECT overlay(uuid_floor(clock_timestamp())::text PLACING right(gen_random_uuid()::text, 12) FROM 25)::uuid,
          'TENANT', 'ID', 'generic_rest', 'WEBHOOK', 'OUTCOME', 1, now()
        """
            .replace("TENANT", EngineRows.TENANT)
            .replace("ID", connection.toString())
            .replace("OUTCOME", outcome));
  }

  private boolean mayProbe() {
    return breaker.mayProbe(connection).await().atMost(Duration.ofSeconds(30));
  }

  /** Status, whether it will be probed, and how often the log says that it was changed. */
  private String state() {
    return database.text(
        """
        SELECT status || CASE WHEN trial_at > now() + interval '50 seconds' THEN ' until probed' ELSE '' END
          || ' ' || (SELECT count(*) FROM event_log WHERE event_type = 'CONNECTION_UPDATED'
            AND connection_id = c.id)
        FROM connections c WHERE id = 'ID'
        """
            .replace("ID", connection.toString()));
  }

  @Test
  void onlyFailuresInARowPauseAConnection() {
    attempt("failure");
    attempt("success");
    attempt("failure");
    record(CircuitBreaker.failing(List.of(connection), NOW));
    assertThat(state()).isEqualTo("active 0");
    attempt("failure");
    record(CircuitBreaker.failing(List.of(connection), NOW));
    assertThat(state()).isEqualTo("paused until probed 1");
  }

  @Test
  void oneAttemptAMinuteProbesAPausedConnection() {
    attempt("failure");
    attempt("failure");
    record(CircuitBreaker.failing(List.of(connection), NOW));
    assertThat(mayProbe()).isFalse();
    database.execute("UPDATE connections SET trial_at = now() - interval '1 second'");
    assertThat(mayProbe()).isTrue();
    assertThat(mayProbe()).isFalse();
    record(CircuitBreaker.recovered(List.of(connection), NOW));
    assertThat(state()).isEqualTo("active 2");
  }

  @Test
  void aReceiverThatIsGoneIsNotProbed() {
    record(CircuitBreaker.gone(List.of(connection), NOW));
    assertThat(state()).isEqualTo("paused 1");
    assertThat(mayProbe()).isFalse();
    record(CircuitBreaker.recovered(List.of(connection), NOW));
    assertThat(state()).as("it is resumed manually").isEqualTo("paused 1");
  }
}
