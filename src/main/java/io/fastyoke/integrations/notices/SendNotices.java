package io.fastyoke.integrations.notices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.database.EngineDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.notices.NoticeBody.Subject;
import io.fastyoke.integrations.notices.NoticeRuns.Notice;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Makes notices of what has happened, on any replica. One is begun under a lease, in the database;
 * then its run is stored under a key of its own, and then the notice is over. A replica that ends
 * in between leaves it to another, which stores the same run and finds it there.
 */
@ApplicationScoped
class SendNotices {
  private static final Logger LOG = Logger.getLogger(SendNotices.class);
  private static final long PERIOD_MS = 1_000;
  private static final int BATCH = 32;

  /**
   * What the notice holds is fixed when it is begun; what happens afterwards is for the next one.
   */
  static final String BEGIN =
      """
      WITH begun AS (
        UPDATE pending_notices p SET
          due_at = now() + interval '30 seconds',
          number = p.number + (p.telling IS NULL)::int,
          telling = COALESCE(p.telling, json_build_object('count', p.count, 'detail', p.detail::json,
            'since', (extract(epoch FROM p.since) * 1000)::bigint, 'at', (extract(epoch FROM p.at) * 1000)::bigint)::text),
          count = CASE WHEN p.telling IS NULL THEN 0 ELSE p.count END
        FROM (
          SELECT d.tenant_id, d.type, d.about FROM pending_notices d
          WHERE d.due_at <= now() ORDER BY d.due_at LIMIT %d FOR UPDATE SKIP LOCKED) due
        WHERE p.tenant_id = due.tenant_id AND p.type = due.type AND p.about = due.about
        RETURNING p.tenant_id, p.type, p.about, p.number, p.telling)
      SELECT b.*, s.path, CASE WHEN b.type = ANY (s.events) THEN n.id END AS carrier, c.id, c.connection_name, c.provider, c.host
      FROM begun b
      LEFT JOIN notice_settings s ON s.tenant_id = b.tenant_id
      LEFT JOIN connections n ON n.id = s.connection_id AND (n.tenant_id = b.tenant_id) IS TRUE
      LEFT JOIN connections c ON c.id = b.about AND (c.tenant_id = b.tenant_id) IS TRUE
      """
          .formatted(BATCH);

  /** What has happened since then is told in five minutes. */
  static final String TOLD =
      """
      UPDATE pending_notices SET telling = NULL, free_at = now() + interval '5 minutes',
        due_at = CASE WHEN count > 0 THEN now() + interval '5 minutes' END
      WHERE tenant_id = $1 AND type = $2 AND about = $3 AND number = $4 AND telling IS NOT NULL
      """;

  /** Nobody wants to be told, or nothing carries it. */
  static final String FORGET =
      """
      UPDATE pending_notices SET telling = NULL, due_at = NULL, count = 0
      WHERE tenant_id = $1 AND type = $2 AND about = $3 AND number = $4 AND telling IS NOT NULL
      """;

  private final EngineDatabase database;
  private final NoticeRuns runs;
  private final ObjectMapper json;
  private final Vertx vertx;
  private final AtomicBoolean working = new AtomicBoolean();
  private long timer = -1;

  SendNotices(EngineDatabase database, NoticeRuns runs, ObjectMapper json, Vertx vertx) {
    this.database = database;
    this.runs = runs;
    this.json = json;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(PERIOD_MS, id -> look());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void look() {
    if (working.compareAndSet(false, true)) {
      send()
          .onTermination()
          .invoke(() -> working.set(false))
          .subscribe()
          .with(
              done -> {}, failure -> LOG.debugf("notices are not sent (%s)", failure.getMessage()));
    }
  }

  /** Makes notices of what is due. What cannot be stored now is begun again after its lease. */
  Uni<Void> send() {
    return database
        .within(connection -> connection.query(BEGIN).execute())
        .chain(
            rows -> {
              List<Uni<Void>> all = new ArrayList<>();
              rows.forEach(row -> all.add(send(row)));
              return all.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : Uni.join().all(all).andCollectFailures().replaceWithVoid();
            });
  }

  private Uni<Void> send(Row row) {
    UUID carrier = row.getUUID("carrier");
    return carrier == null
        ? ended(row, FORGET)
        : Uni.createFrom()
            .deferred(() -> runs.fire(notice(row, carrier)))
            .chain(() -> ended(row, TOLD));
  }

  private Uni<Void> ended(Row row, String how) {
    Tuple key =
        Tuple.of(
            row.getString("tenant_id"),
            row.getString("type"),
            row.getUUID("about"),
            row.getLong("number"));
    return database
        .within(connection -> connection.preparedQuery(how).execute(key))
        .replaceWithVoid();
  }

  private Notice notice(Row row, UUID carrier) {
    String type = row.getString("type");
    String about = row.getUUID("about").toString();
    UUID id = row.getUUID("id");
    Subject subject =
        new Subject(
            about.equals(NoticeSql.NO_CONNECTION) ? null : about,
            id == null ? null : row.getString("connection_name"),
            id == null ? null : row.getString("provider"),
            id == null ? null : row.getString("host"));
    return new Notice(
        new TenantId(row.getString("tenant_id")),
        carrier,
        row.getString("path"),
        NoticeRuns.job(about),
        String.join("\n", "notice", type, about, row.getLong("number").toString()),
        type,
        NoticeBody.of(type, telling(row.getString("telling")), subject));
  }

  private JsonNode telling(String kept) {
    try {
      return json.readTree(kept);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a notice that was kept is no JSON", e);
    }
  }
}
