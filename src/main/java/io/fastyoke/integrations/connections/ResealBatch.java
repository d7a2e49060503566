package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.EngineDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.KeyRing;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.UnreadableCredentialsException;
import io.fastyoke.integrations.vault.Vault;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Seals a few rows again under the active key, in a transaction of their own.
 *
 * <p>Rows that someone else has locked are left for a later round: nobody is waited for, so there
 * is no deadlock with a change or with the engine.
 */
@ApplicationScoped
class ResealBatch {
  private static final Logger LOG = Logger.getLogger(ResealBatch.class);
  private static final int SIZE = 100;

  /** The lock of the replica that re-seals, held for one batch. */
  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtext('fastyoke reseal')) AS alone";

  private static final String READ =
      """
      SELECT id, tenant_id, provider, credentials FROM connections
      WHERE key_id = ANY ($1::text[]) AND id > $2 ORDER BY id LIMIT %d
      FOR NO KEY UPDATE SKIP LOCKED
      """
          .formatted(SIZE);

  private static final String REPLACE =
      "UPDATE connections SET credentials = $1, key_id = $2 WHERE id = $3 AND credentials = $4";

  /** Rows that were logged already: each round finds them again. */
  private static final int MAX_NAMED = 1_000;

  private final Set<UUID> damaged = ConcurrentHashMap.newKeySet();
  private final EngineDatabase database;
  private final Vault vault;
  private final KeyRing keys;

  ResealBatch(EngineDatabase database, Vault vault, KeyRing keys) {
    this.database = database;
    this.vault = vault;
    this.keys = keys;
  }

  /**
   * What a batch did.
   *
   * @param state {@code MORE} when there may be further rows behind {@code last}
   * @param last the id of the last row that was looked at
   * @param resealed how many rows are under the active key now
   */
  record BatchResult(Remaining state, UUID last, int resealed) {
    /** How it goes on. */
    enum Remaining {
      MORE,
      END,
      /** Another replica holds the lock. */
      ELSEWHERE
    }
  }

  /** Looks at the next rows behind this id. */
  Uni<BatchResult> after(UUID id) {
    return database.within(
        connection ->
            connection
                .query(ALONE)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("alone"))
                .chain(
                    alone ->
                        alone
                            ? read(connection, id)
                            : Uni.createFrom()
                                .item(new BatchResult(BatchResult.Remaining.ELSEWHERE, id, 0))));
  }

  private Uni<BatchResult> read(SqlConnection connection, UUID after) {
    return connection
        .preparedQuery(READ)
        .execute(Tuple.of(retired(), after))
        .chain(found -> replace(connection, found, after));
  }

  private Uni<BatchResult> replace(SqlConnection connection, RowSet<Row> found, UUID after) {
    List<Tuple> changes = new ArrayList<>();
    UUID last = after;
    for (Row row : found) {
      last = row.getUUID("id");
      addChange(row, changes);
    }
    BatchResult.Remaining state =
        found.size() == 0 ? BatchResult.Remaining.END : BatchResult.Remaining.MORE;
    BatchResult result = new BatchResult(state, last, changes.size());
    return changes.isEmpty()
        ? Uni.createFrom().item(result)
        : connection.preparedQuery(REPLACE).executeBatch(changes).replaceWith(result);
  }

  private void addChange(Row row, List<Tuple> changes) {
    UUID id = row.getUUID("id");
    byte[] old = row.getBuffer("credentials").getBytes();
    SealContext context =
        new SealContext(new TenantId(row.getString("tenant_id")), id, row.getString("provider"));
    try {
      byte[] sealed = resealed(context, old);
      changes.add(Tuple.of(Buffer.buffer(sealed), keys.idOf(sealed).hex(), id, Buffer.buffer(old)));
    } catch (UnreadableCredentialsException e) {
      if (damaged.size() < MAX_NAMED && damaged.add(id)) {
        LOG.warnf(
            "connection %s cannot be opened although its key is known; it is left as it is", id);
      }
    }
  }

  /** Opened once more before it replaces anything. */
  private byte[] resealed(SealContext context, byte[] old) {
    try (Credentials credentials = vault.open(context, old)) {
      byte[] sealed = vault.seal(context, credentials);
      vault.open(context, sealed).close();
      return sealed;
    }
  }

  private String[] retired() {
    return keys.retired().stream().map(key -> key.hex()).toArray(String[]::new);
  }
}
