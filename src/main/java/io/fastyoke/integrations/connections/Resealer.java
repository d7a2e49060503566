package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.KeyId;
import io.fastyoke.integrations.vault.KeyRing;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.UnreadableCredentialsException;
import io.fastyoke.integrations.vault.Vault;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Seals rows that lie under a retired key again under the active one: in the background, in small
 * batches, on one replica at a time. Every batch is a transaction of its own, so a kill loses
 * nothing; every row is replaced only if it is still the one that was read, so a tenant's edit
 * wins.
 */
@ApplicationScoped
public class Resealer {
  private static final Logger LOG = Logger.getLogger(Resealer.class);
  private static final int BATCH = 100;

  /** Held by whoever re-seals, for the length of one batch. */
  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtext('fastyoke reseal')) AS alone";

  private static final String READ =
      """
      SELECT id, tenant_id, provider, key_id, credentials FROM connections
      WHERE key_id = ANY ($1::text[]) AND id > $2 ORDER BY id LIMIT %d
      """
          .formatted(BATCH);

  private static final String REPLACE =
      "UPDATE connections SET credentials = $1, key_id = $2 WHERE id = $3 AND credentials = $4";

  private static final UUID BEGINNING = new UUID(0, 0);

  private final Pool pool;
  private final Vault vault;
  private final KeyRing keys;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile State state = State.IDLE;
  private final AtomicLong done = new AtomicLong();

  Resealer(@ReactiveDataSource("engine") Pool pool, Vault vault, KeyRing keys) {
    this.pool = pool;
    this.vault = vault;
    this.keys = keys;
  }

  /** What this replica is doing about it. */
  enum State {
    IDLE,
    RUNNING,
    /** Another replica is at it. */
    ELSEWHERE,
    DONE,
    FAILED;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void atStart(@Observes StartupEvent event) {
    start();
  }

  /** Begins, unless this replica is at it already. */
  void start() {
    if (retired().length == 0) {
      state = State.DONE;
      return;
    }
    if (!running.compareAndSet(false, true)) {
      return;
    }
    state = State.RUNNING;
    from(BEGINNING)
        .onTermination()
        .invoke(() -> running.set(false))
        .subscribe()
        .with(
            end ->
                LOG.infof(
                    "re-sealing: %s, %d connections by this replica", state.wire(), done.get()),
            failure -> {
              state = State.FAILED;
              LOG.errorf(
                  "re-sealing stopped (%s); it goes on at the next start or request",
                  failure.getMessage());
            });
  }

  State state() {
    return state;
  }

  /** Connections that this replica has sealed again since it started. */
  long done() {
    return done.get();
  }

  private Uni<Void> from(UUID after) {
    return pool.withTransaction(connection -> batch(connection, after))
        .chain(last -> last.equals(after) ? Uni.createFrom().voidItem() : from(last));
  }

  /** The id of the last row that was looked at; the one it was given when there are no more. */
  private Uni<UUID> batch(SqlConnection connection, UUID after) {
    return connection
        .query(ALONE)
        .execute()
        .chain(
            rows -> {
              if (!rows.iterator().next().getBoolean("alone")) {
                state = State.ELSEWHERE;
                return Uni.createFrom().item(after);
              }
              return connection
                  .preparedQuery(READ)
                  .execute(Tuple.of(retired(), after))
                  .chain(found -> replace(connection, found, after));
            });
  }

  private Uni<UUID> replace(SqlConnection connection, RowSet<Row> found, UUID after) {
    if (found.size() == 0) {
      state = State.DONE;
      return Uni.createFrom().item(after);
    }
    List<Row> rows = new ArrayList<>();
    found.forEach(rows::add);
    return Multi.createFrom()
        .iterable(rows)
        .onItem()
        .transformToUniAndConcatenate(row -> replace(connection, row))
        .collect()
        .with(java.util.stream.Collectors.summingInt(Integer::intValue))
        .invoke(count -> done.addAndGet(count))
        .replaceWith(rows.get(rows.size() - 1).getUUID("id"));
  }

  private Uni<Integer> replace(SqlConnection connection, Row row) {
    byte[] old = row.getBuffer("credentials").getBytes();
    UUID id = row.getUUID("id");
    SealContext context =
        new SealContext(new TenantId(row.getString("tenant_id")), id, row.getString("provider"));
    byte[] sealed;
    try (Credentials credentials = vault.open(context, old)) {
      sealed = vault.seal(context, credentials);
    } catch (UnreadableCredentialsException e) {
      LOG.warnf(
          "connection %s cannot be opened although its key is known; it is left as it is", id);
      return Uni.createFrom().item(0);
    }
    vault.open(context, sealed).close();
    return connection
        .preparedQuery(REPLACE)
        .execute(Tuple.of(Buffer.buffer(sealed), keys.idOf(sealed).hex(), id, Buffer.buffer(old)))
        .map(RowSet::rowCount);
  }

  String[] retired() {
    return keys.keyIds().stream()
        .filter(key -> !key.equals(keys.active()))
        .map(KeyId::hex)
        .toArray(String[]::new);
  }
}
