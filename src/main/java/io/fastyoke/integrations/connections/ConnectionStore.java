package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.Ids;
import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.http.ApiException;
import io.fastyoke.integrations.http.Detached;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.TenantId;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.hibernate.StaleObjectStateException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of one tenant at a time, and writes down in the same transaction who changed them.
 */
@ApplicationScoped
public class ConnectionStore implements PanacheRepositoryBase<StoredConnection, UUID> {
  private static final String LOG =
      """
      INSERT INTO event_log (id, tenant_id, connection_id, provider, event_type, outcome, actor, impersonated_by, occurred_at)
      VALUES (:id, :tenant, :connection, :provider, :type, 'success', :actor, NULLIF(:impersonated, ''), :at)
      """;

  private static final String UNIQUE_VIOLATION = "23505";

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
        .onFailure(ConnectionStore::isNameTaken)
        .transform(
            failure ->
                ApiException.conflict(
                    "connection_name_taken", "A connection with this name exists already."))
        .onFailure(
            failure ->
                failure instanceof OptimisticLockException
                    || failure instanceof StaleObjectStateException)
        .transform(failure -> versionConflict());
  }

  static ApiException versionConflict() {
    return ApiException.conflict(
        "version_conflict", "The connection was changed in the meantime. Read it again.");
  }

  /**
   * One row.
   *
   * @throws ApiException 404
   */
  Uni<StoredConnection> required(TenantId tenant, UUID id) {
    return find("tenantId = ?1 and id = ?2", tenant.value(), id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> ApiException.notFound("connection"));
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
    StringBuilder where = new StringBuilder("tenantId = :tenant");
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("tenant", tenant.value());
    String search = filter.search();
    ConnectionFilter.Status status = filter.status();
    if (filter.provider() != null) {
      where.append(" and provider = :provider");
      parameters.put("provider", filter.provider());
    }
    if (search != null && !search.isBlank()) {
      where.append(
          " and (locate(:search, coalesce(nameKey, lower(connectionName))) > 0"
              + " or cast(id as string) = :search)");
      parameters.put("search", StoredConnection.folded(search.strip()));
    }
    List<UUID> ids = filter.ids();
    if (ids != null && ids.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    if (ids != null) {
      where.append(" and id in :ids");
      parameters.put("ids", ids);
    }
    if (status != null) {
      where.append(condition(status));
      parameters.put("readable", readable);
    }
    if (after != null) {
      where.append(" and id < :after");
      parameters.put("after", after);
    }
    return find(where + " order by id desc", parameters).range(0, limit - 1).list();
  }

  private static String condition(ConnectionFilter.Status status) {
    return switch (status) {
      case ACTIVE, FAILING -> " and status = 'active' and sealed.keyId in :readable";
      case PAUSED -> " and status = 'paused' and sealed.keyId in :readable";
      case UNREADABLE -> " and sealed.keyId not in :readable";
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
    return delete("tenantId = ?1 and id = ?2 and version = ?3", row.tenantId, row.id, row.version)
        .invoke(ConnectionStore::requireOne)
        .replaceWithVoid();
  }

  private static void requireOne(long deleted) {
    if (deleted != 1) {
      throw versionConflict();
    }
  }

  /** Writes down a change; inside of {@link #within}. */
  Uni<Void> log(Caller caller, StoredConnection row, String type, Instant now) {
    String impersonatedBy = caller.actor().impersonatedBy();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(LOG)
                    .setParameter("id", Ids.next(now))
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

  private Uni<Void> enter(TenantId tenant) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(database.enter(":tenant"), String.class)
                    .setParameter("tenant", tenant.value())
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static boolean isNameTaken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // An insert fails with the driver's exception, a batched update with JDBC's.
      if ((cause instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState()))
          || (cause instanceof SQLException batch
              && UNIQUE_VIOLATION.equals(batch.getSQLState()))) {
        return true;
      }
    }
    return false;
  }
}
