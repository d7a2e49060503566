package io.fastyoke.integrations.notices;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.database.EngineDatabase;
import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several replicas make notices of the same rows; the service's own has stopped meanwhile. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class SendNoticesTest {
  private static final int ROWS = 200;
  private static final int REPLICAS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Inject EngineDatabase database;
  @Inject NoticeRuns runs;
  @Inject ObjectMapper json;
  @Inject Vertx vertx;
  @Inject SendNotices own;

  private final Sql sql = Sql.of(TestPostgres.server());
  private final String tenant = "notices-" + UUID.randomUUID();

  /** Its credentials cannot be read, so nothing leaves: this is about the runs. */
  @BeforeEach
  void carrier() {
    own.stop(null);
    sql.execute(
        """
        INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, created_at, updated_at, created_by)
        VALUES ('%1$s', '%2$s', 'generic_rest', 'c', repeat('x', 80)::bytea, 'k', now(), now(), 'me');
        INSERT INTO notice_settings VALUES ('%2$s', '%1$s', '/x', ARRAY['run.failed'], now())
        """
            .formatted(UUID.randomUUID(), tenant));
  }

  @AfterEach
  void goOn() {
    own.start(null);
  }

  private void pending(int rows, String due) {
    sql.execute(
        """
        INSERT INTO pending_notices (tenant_id, type, about, count, since, at, detail, due_at)
        SELECT '%s', 'run.failed', gen_random_uuid(), 3, now(), now(), '{"run_id":null}', %s FROM generate_series(1, %d)
        """
            .formatted(tenant, due, rows));
  }

  private SendNotices replica(NoticeRuns through) {
    return new SendNotices(database, through, json, vertx);
  }

  private long number(String query) {
    return sql.number(query.formatted(tenant));
  }

  @Test
  void eachIsSentOnceHoweverManyReplicasLook() {
    pending(ROWS, "now()");
    List<SendNotices> replicas = IntStream.range(0, REPLICAS).mapToObj(i -> replica(runs)).toList();
    eventually(
        "all are made",
        () -> {
          List<Uni<Void>> looks = new ArrayList<>();
          replicas.forEach(replica -> looks.add(replica.send()));
          Uni.join().all(looks).andCollectFailures().await().atMost(PATIENCE);
          return number(
                  "SELECT count(*) FROM pending_notices WHERE tenant_id = '%s' AND due_at IS NOT NULL")
              == 0;
        });
    assertThat(number("SELECT count(*) FROM action_runs WHERE tenant_id = '%s'")).isEqualTo(ROWS);
    assertThat(number("SELECT count(DISTINCT job_id) FROM action_runs WHERE tenant_id = '%s'"))
        .isEqualTo(ROWS);
    assertThat(
            number(
                "SELECT sum((request::json->'context'->'notice'->'data'->>'count')::int) FROM action_runs WHERE tenant_id = '%s'"))
        .isEqualTo(3 * ROWS);
  }

  /**
   * Thirty, seven and one days before, once each, whoever looks, and again for a new certificate.
   */
  @Test
  void theEndOfACertificateIsToldThreeTimes() {
    sql.execute(
        "UPDATE notice_settings SET events = ARRAY['certificate.expiring'] WHERE tenant_id = '%s'"
            .formatted(tenant));
    Instant end = Instant.now().plus(Duration.ofDays(100)).truncatedTo(ChronoUnit.MILLIS);
    ends(end);
    assertThat(told(end, 100, 31)).isZero();
    assertThat(told(end, 30, 30, 29, 8)).isEqualTo(1);
    assertThat(told(end, 7, 2)).isEqualTo(2);
    assertThat(told(end, 1, 0)).isEqualTo(3);
    assertThat(told(end, -1)).isEqualTo(3);
    assertThat(
            sql.first(
                "SELECT max(request::json->'context'->'notice'->'data'->>'expires_at') FROM action_runs WHERE tenant_id = '%s'"
                    .formatted(tenant)))
        .isEqualTo(end.toString());
    Instant later = end.plus(Duration.ofDays(365));
    ends(later);
    assertThat(told(later, 20)).isEqualTo(4);
  }

  private void ends(Instant at) {
    sql.execute(
        "UPDATE connections SET certificate_expires_at = '%s' WHERE tenant_id = '%s'"
            .formatted(at, tenant));
  }

  /** How often its end was told once somebody has looked so many days before it. */
  private long told(Instant end, int... days) {
    for (int day : days) {
      Instant now = end.minus(Duration.ofDays(day)).plusSeconds(day == 0 ? -1 : 1);
      new ExpiringCertificates(database, () -> now, vertx).look().await().atMost(PATIENCE);
      sql.execute("UPDATE pending_notices SET due_at = now() WHERE due_at IS NOT NULL");
      replica(runs).send().await().atMost(PATIENCE);
    }
    return number("SELECT count(*) FROM action_runs WHERE tenant_id = '%s'");
  }

  /** A replica that ends before, or after, the run is stored; meanwhile something else happens. */
  @Test
  void whatAReplicaHasBegunAnotherEndsWithTheSameRun() {
    for (boolean stored : List.of(false, true)) {
      sql.execute("DELETE FROM pending_notices");
      pending(1, "now()");
      long before = number("SELECT count(*) FROM action_runs WHERE tenant_id = '%s'");
      replica(
              notice ->
                  (stored ? runs.fire(notice) : Uni.createFrom().voidItem())
                      .chain(() -> Uni.createFrom().failure(new IllegalStateException("halted"))))
          .send()
          .onFailure()
          .recoverWithNull()
          .await()
          .atMost(PATIENCE);
      sql.execute(
          "UPDATE pending_notices SET count = count + 5, since = now(), at = now(), due_at = now()");
      eventually(
          "it is told",
          () ->
              replica(runs).send().replaceWith(true).await().atMost(PATIENCE)
                  && number(
                          "SELECT count(*) FROM pending_notices WHERE tenant_id = '%s' AND telling IS NULL")
                      == 1);
      assertThat(number("SELECT count(*) FROM action_runs WHERE tenant_id = '%s'"))
          .isEqualTo(before + 1);
      assertThat(
              number(
                  "SELECT (request::json->'context'->'notice'->'data'->>'count')::int FROM action_runs WHERE tenant_id = '%s' ORDER BY seq DESC LIMIT 1"))
          .isEqualTo(3);
      assertThat(
              number(
                  "SELECT count FROM pending_notices WHERE tenant_id = '%s' AND due_at > now() + interval '4 minutes'"))
          .isEqualTo(5);
    }
  }
}
