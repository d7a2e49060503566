package io.fastyoke.integrations.connections;

import io.vertx.mutiny.sqlclient.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection as it is read for one attempt: still sealed, and never older than the claim of that
 * attempt.
 *
 * @param active whether it may fire
 * @param probeDue whether it is paused for its failures, and may be tried again
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SealedConnection(
    UUID id,
    String provider,
    boolean active,
    boolean probeDue,
    ConnectionSettings settings,
    byte[] credentials) {

  /** The columns that {@link #from} reads, of a table called {@code c}. */
  public static final String COLUMNS =
      "c.id AS c_id, c.provider AS c_provider, c.status AS c_status, c.trial_at <= now() AS c_trial_due, c.credentials AS c_credentials,"
          + " c.max_per_second AS c_max_per_second, c.max_in_flight AS c_max_in_flight,"
          + " c.timeout_ms AS c_timeout_ms, c.pause_after_failures AS c_pause_after_failures,"
          + " c.when_paused AS c_when_paused, c.hold_hours AS c_hold_hours";

  /** Reads a row that has {@link #COLUMNS}; null when an outer join found no connection. */
  public static @Nullable SealedConnection from(Row row) {
    UUID id = row.getUUID("c_id");
    if (id == null) {
      return null;
    }
    return new SealedConnection(
        id,
        row.getString("c_provider"),
        row.getString("c_status").equals("active"),
        Boolean.TRUE.equals(row.getBoolean("c_trial_due")),
        new ConnectionSettings(
            row.getInteger("c_max_per_second"),
            row.getInteger("c_max_in_flight"),
            row.getInteger("c_timeout_ms"),
            row.getInteger("c_pause_after_failures"),
            row.getString("c_when_paused"),
            row.getInteger("c_hold_hours")),
        row.getBuffer("c_credentials").getBytes());
  }
}
