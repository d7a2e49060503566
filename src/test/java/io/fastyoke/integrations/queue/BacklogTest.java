package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.queue.Backlog.Sampled;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gauges ask the database, as the engine's role. */
class BacklogTest {
  private static EngineRows rows;

  @BeforeAll
  static void open() {
    new TestPostgres().start();
    rows = new EngineRows();
  }

  @AfterAll
  static void close() {
    rows.close();
  }

  @BeforeEach
  void empty() {
    rows.execute("TRUNCATE action_runs, connections, connection_gates");
  }

  private static void runs(int count, String tenant, String state) {
    rows.execute(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, status, due_at,
          in_flight)
        SELECT gen_random_uuid(), '%s', false, '{}', '[]', '{}', now(), %s FROM generate_series(1, %d)
        """
            .formatted(tenant, state, count));
  }

  private static Row asked(String statement, Tuple parameters) {
    return rows.pipeline.execute(statement, parameters).await().indefinitely().iterator().next();
  }

  @Test
  void whatWaitsForARetryOrAtAPauseIsCounted() {
    runs(3, "t1", "'running', now() + interval '1 hour', false");
    runs(2, "t2", "'running', now() + interval '1 hour', false");
    // Leased, due, leased by a holder that is gone, and behind another of its job: none of these.
    runs(10, "t1", "'running', now() + interval '1 hour', true");
    runs(20, "t2", "'pending', now() - interval '1 second', false");
    runs(40, "t3", "'running', now() - interval '1 second', true");
    runs(80, "t3", "'pending', NULL, false");
    rows.parked(held("paused"), 4);
    rows.parked(held("active"), 160);
    rows.parked(UUID.randomUUID(), 320);
    Row counted = asked(Backlog.COUNT, Tuple.tuple());
    assertThat(counted.getLong("retrying")).isEqualTo(5);
    assertThat(counted.getLong("held")).isEqualTo(4);
  }

  private static UUID held(String status) {
    UUID id = rows.connection("when_paused, max_in_flight", "'hold', 1");
    rows.execute("UPDATE connections SET status = '" + status + "' WHERE id = '" + id + "'");
    return id;
  }

  @Test
  void theOldestOfAllTenantsIsFoundWithTheDepth() {
    runs(1, "t1", "'pending', now() - interval '1 minute', false");
    runs(1, "t2", "'running', now() - interval '2 hours', true");
    runs(5, "t3", "'pending', now() - interval '1 second', false");
    runs(1, "t3", "'running', now() + interval '1 hour', false");
    Row found = asked(QueueDepth.DEPTH, Tuple.of(5L));
    assertThat(found.getDouble("oldest")).isBetween(7_200.0, 7_500.0);
    assertThat(found.getLong("depth")).as("no further than the limit").isEqualTo(5);
  }

  @Test
  void nothingDueHasNoAge() {
    runs(1, "t1", "'running', now() + interval '1 hour', true");
    Row found = asked(QueueDepth.DEPTH, Tuple.of(5L));
    assertThat(found.getDouble("oldest")).isNull();
    assertThat(found.getLong("depth")).isZero();
  }

  @Test
  void aSampleIsNoNumberOnceItIsOld() {
    AtomicLong now = new AtomicLong();
    Sampled sampled = new Sampled(now::get);
    assertThat(sampled.value()).isNaN();
    sampled.set(7);
    now.addAndGet(Sampled.VALID_NANOS);
    assertThat(sampled.value()).isEqualTo(7);
    now.incrementAndGet();
    assertThat(sampled.value()).isNaN();
    sampled.set(0);
    assertThat(sampled.value()).isZero();
  }
}
