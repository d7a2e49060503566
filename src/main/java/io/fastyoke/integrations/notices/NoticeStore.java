package io.fastyoke.integrations.notices;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.http.Detached;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes what one tenant is told. */
@ApplicationScoped
class NoticeStore {
  private static final String READ =
      """
      SELECT s.connection_id, s.path, s.events, c.id IS NULL AS stopped
      FROM notice_settings s LEFT JOIN connections c ON c.id = s.connection_id AND c.tenant_id = s.tenant_id
      WHERE s.tenant_id = $1
      """;

  private static final String CARRIER =
      "SELECT provider FROM connections WHERE tenant_id = $1 AND id = $2";

  private static final String WRITE =
      """
      INSERT INTO notice_settings (tenant_id, connection_id, path, events, updated_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id) DO UPDATE SET connection_id = EXCLUDED.connection_id, path = EXCLUDED.path,
        events = EXCLUDED.events, updated_at = EXCLUDED.updated_at
      """;

  private static final String REMOVE = "DELETE FROM notice_settings WHERE tenant_id = $1";

  /** The rows stay, so that nothing is told sooner, or again, by asking for it anew. */
  private static final String FORGET =
      """
      UPDATE pending_notices SET count = 0, due_at = NULL, telling = NULL
      WHERE tenant_id = $1 AND due_at IS NOT NULL AND type <> ALL ($2::text[])
      """;

  private final TenantDatabase database;

  NoticeStore(TenantDatabase database) {
    this.database = database;
  }

  Uni<NoticeSettings> read(TenantId tenant) {
    return database.within(tenant, connection -> read(connection, tenant));
  }

  private static Uni<NoticeSettings> read(SqlConnection connection, TenantId tenant) {
    return connection
        .preparedQuery(READ)
        .execute(Tuple.of(tenant.value()))
        .map(rows -> rows.size() == 0 ? NoticeSettings.NONE : settings(rows.iterator().next()));
  }

  private static NoticeSettings settings(Row row) {
    return new NoticeSettings(
        row.getUUID("connection_id"),
        row.getString("path"),
        List.of(row.getArrayOfStrings("events")),
        Boolean.TRUE.equals(row.getBoolean("stopped")) ? "connection_deleted" : null);
  }

  /** Replaces the settings; what has happened and is no longer asked for is forgotten. */
  Uni<NoticeSettings> write(TenantId tenant, NoticeSettings settings, Instant now) {
    return within(
        tenant,
        connection ->
            connection
                .preparedQuery(CARRIER)
                .execute(Tuple.of(tenant.value(), settings.connectionId()))
                .invoke(rows -> NoticeRules.requireCarrier(provider(rows)))
                .chain(() -> replace(connection, tenant, settings, now)));
  }

  /** Nothing is told any more. */
  Uni<NoticeSettings> remove(TenantId tenant) {
    return within(
        tenant,
        connection ->
            connection
                .preparedQuery(REMOVE)
                .execute(Tuple.of(tenant.value()))
                .chain(() -> forget(connection, tenant, List.of()))
                .replaceWith(NoticeSettings.NONE));
  }

  /** Once begun it comes to its end, also when the client has gone. */
  private <T> Uni<T> within(
      TenantId tenant, java.util.function.Function<SqlConnection, Uni<T>> work) {
    return Detached.of(database.within(tenant, work));
  }

  private static Uni<NoticeSettings> replace(
      SqlConnection connection, TenantId tenant, NoticeSettings settings, Instant now) {
    List<String> events = settings.events() == null ? List.of() : settings.events();
    Tuple parameters =
        Tuple.tuple()
            .addString(tenant.value())
            .addUUID(settings.connectionId())
            .addString(settings.path())
            .addArrayOfString(events.toArray(new String[0]))
            .addOffsetDateTime(now.atOffset(ZoneOffset.UTC));
    return connection
        .preparedQuery(WRITE)
        .execute(parameters)
        .chain(() -> forget(connection, tenant, events))
        .replaceWith(settings);
  }

  private static Uni<RowSet<Row>> forget(
      SqlConnection connection, TenantId tenant, List<String> wanted) {
    return connection
        .preparedQuery(FORGET)
        .execute(Tuple.of(tenant.value(), wanted.toArray(new String[0])));
  }

  private static @Nullable String provider(RowSet<Row> rows) {
    return rows.size() == 0 ? null : rows.iterator().next().getString("provider");
  }
}
