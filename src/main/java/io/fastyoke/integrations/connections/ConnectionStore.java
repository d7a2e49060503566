package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.events.EventRows;
import io.fastyoke.integrations.http.Detached;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.notices.NoticeSql;
import io.fastyoke.integrations.notices.NoticeType;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.StaleObjectStateException;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of one tenant. Each change is logged in the same transaction. */
@ApplicationScoped
class ConnectionStore implements PanacheRepositoryBase<StoredConnection, UUID> {
  private static final String LOG =
      EventRows.INSERT_CHANGE
          + """
      VALUES (:id, :tenant, :connection, :provider, :type, 'success', :actor, NULLIF(:impersonated, ''), :at)
      """;

  /** All columns of {@link StoredConnection}: Hibernate Reactive fails if one is missing. */
  private static final String COLUMNS =
      "id, tenant_id, provider, connection_name, name_key, credentials, key_id, host, certificate_expires_at,"
          + " max_per_second, max_in_flight, timeout_ms, pause_after_failures, when_paused, hold_hours, status, trial_at,"
          + " version, created_at, updated_at, created_by";

  private static final String REMOVE =
      "DELETE FROM connections WHERE tenant_id = :tenant AND id = :id AND version = :version";

  private static final String TOLD =
      NoticeSql.change(
          "(SELECT CAST(:connection AS uuid) AS id, CAST(:tenant AS text) AS tenant_id)",
          "CAST(:type AS text)",
          "CAST(:detail AS text)",
          "CAST(:at AS timestamptz)");

  private final TenantDatabase database;

  ConnectionStore(TenantDatabase database) {
    this.database = database;
  }

  /**
   * Runs work in one transaction that sees only this tenant's rows. Once begun it comes to its end:
   * cancelled, Panache would close the session while statements of it are still under way.
   */
  <T> Uni<T> within(TenantId tenant, Supplier<Uni<T>> work) {
    return Detached.of(Panache.withTransaction(() -> enter(tenant).chain(() -> work.get())))
        .onFailure(DatabaseFailure::isDuplicate)
        .transform(
            failure ->
                ApiException.of(
                    ErrorCode.CONNECTION_NAME_TAKEN, "A connection with this name exists already."))
        .onFailure(
            failure ->
                failure instanceof OptimisticLockException
                    || failure instanceof StaleObjectStateException)
        .transform(failure -> versionConflict());
  }

  static ApiException versionConflict() {
    return ApiException.of(
        ErrorCode.VERSION_CONFLICT, "The connection was changed in the meantime. Read it again.");
  }

  /**
   * One row.
   *
   * @throws ApiException 404
   */
  Uni<StoredConnection> required(TenantId tenant, UUID id) {
    Map<String, Object> parameters = Map.of("tenant", tenant.value(), "id", id);
    return read("tenant_id = :tenant AND id = :id", parameters, 1)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw ApiException.notFound("connection");
              }
              return rows.get(0);
            });
  }

  /**
   * The newest first.
   *
   * @param readable the keys that the service has
   */
  Uni<List<StoredConnection>> page(
      TenantId tenant,
      ConnectionFilter filter,
      List<String> readable,
      @Nullable UUID after,
      int limit) {
    StringBuilder where = new StringBuilder("tenant_id = :tenant");
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("tenant", tenant.value());
    String search = filter.search();
    ConnectionFilter.Status status = filter.status();
    if (filter.provider() != null) {
      where.append(" AND provider = :provider");
      parameters.put("provider", filter.provider());
    }
    if (search != null && !search.isBlank()) {
      where.append(
          " AND (position(:search IN coalesce(name_key, lower(connection_name))) > 0"
              + " OR CAST(id AS text) = :search)");
      parameters.put("search", StoredConnection.folded(search.strip()));
    }
    List<UUID> ids = filter.ids();
    if (ids != null && ids.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    if (ids != null) {
      where.append(" AND id = ANY (CAST(string_to_array(:ids, ',') AS uuid[]))");
      parameters.put("ids", ids.stream().map(UUID::toString).collect(Collectors.joining(",")));
    }
    if (status != null) {
      where.append(condition(status));
      parameters.put("readable", String.join(",", readable));
    }
    if (after != null) {
      where.append(" AND id < :after");
      parameters.put("after", after);
    }
    return read(where.toString(), parameters, limit);
  }

  /**
   * In SQL: Hibernate takes a fifth of a second of a native executable's start, and seconds of a
   * busy JVM's, to read the first sentence of its own language.
   */
  private static Uni<List<StoredConnection>> read(
      String where, Map<String, Object> parameters, int limit) {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM connections WHERE "
            + where
            + " ORDER BY id DESC LIMIT "
            + limit;
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(sql, StoredConnection.class);
              parameters.forEach(query::setParameter);
              return query.getResultList();
            });
  }

  private static String condition(ConnectionFilter.Status status) {
    String known = "key_id = ANY (string_to_array(:readable, ','))";
    return switch (status) {
      case ACTIVE, FAILING -> " AND status = 'active' AND " + known;
      case PAUSED -> " AND status = 'paused' AND " + known;
      case UNREADABLE -> " AND NOT " + known;
    };
  }

  /**
   * Deletes a row that was read in this transaction.
   *
   * <p>By a statement of its own: when two sessions remove entities of one class at the same time,
   * Hibernate Reactive 3 continues one of them on the other's thread, since its delete coordinator
   * keeps the running operation in a field that all sessions share.
   */
  Uni<Void> remove(StoredConnection row) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(REMOVE)
                    .setParameter("tenant", row.tenantId)
                    .setParameter("id", row.id)
                    .setParameter("version", row.version)
                    .executeUpdate())
        .invoke(ConnectionStore::requireOne)
        .replaceWithVoid();
  }

  private static void requireOne(int deleted) {
    if (deleted != 1) {
      throw versionConflict();
    }
  }

  /** Logs a change; to be called inside of {@link #within}. */
  Uni<Void> log(Caller caller, StoredConnection row, String type, Instant now) {
    String impersonatedBy = caller.actor().impersonatedBy();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(LOG)
                    .setParameter("id", TimeOrderedIds.next(now))
                    .setParameter("tenant", caller.tenant().value())
                    .setParameter("connection", row.id)
                    .setParameter("provider", row.provider)
                    .setParameter("type", type)
                    .setParameter("actor", caller.actor().sub())
                    .setParameter("impersonated", impersonatedBy == null ? "" : impersonatedBy)
                    .setParameter("at", now)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Tells that a person has paused or resumed a connection; inside of {@link #within}. */
  Uni<Void> tell(StoredConnection row, NoticeType type, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(TOLD)
                    .setParameter("connection", row.id)
                    .setParameter("tenant", row.tenantId)
                    .setParameter("type", type.wire())
                    .setParameter("detail", "{\"reason\":\"manual\"}")
                    .setParameter("at", now)
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> enter(TenantId tenant) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(database.setTenantSql(":tenant"), String.class)
                    .setParameter("tenant", tenant.value())
                    .getSingleResult())
        .replaceWithVoid();
  }
}
