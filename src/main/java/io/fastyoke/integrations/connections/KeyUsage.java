package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.EngineDatabase;
import io.fastyoke.integrations.vault.KeyId;
import io.fastyoke.integrations.vault.KeyRing;
import io.fastyoke.integrations.vault.Vault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the connections under each key, over all tenants; the newest count is in the metrics. */
@ApplicationScoped
class KeyUsage {
  private static final String COUNT =
      "SELECT key_id, count(*) AS connections FROM connections GROUP BY key_id";

  private static final String RETIRED = "retired";
  private static final String UNKNOWN = "unknown";

  private final EngineDatabase database;
  private final KeyRing keys;
  private final AtomicLong retired = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();

  KeyUsage(EngineDatabase database, KeyRing keys, Vault vault, MeterRegistry registry) {
    this.database = database;
    this.keys = keys;
    Gauge.builder("fastyoke.connections.retired.key", retired, AtomicLong::doubleValue)
        .description("Connections under a retired key, over all replicas; to be sealed again")
        .register(registry);
    Gauge.builder("fastyoke.connections.unknown.key", unknown, AtomicLong::doubleValue)
        .description("Connections under a key that this replica does not have: unreadable")
        .register(registry);
    FunctionCounter.builder("fastyoke.vault.seals", vault, Vault::seals)
        .description("Seals by this replica under the active key, of 2^32 that a key may make")
        .tag("key_id", keys.active().hex())
        .register(registry);
  }

  /**
   * A key and the connections that it sealed.
   *
   * @param state {@code active}, {@code retired}, or {@code unknown} when the service does not have
   *     it
   */
  public record KeyRow(String keyId, String state, long connections) {}

  /** All keys of the ring and all keys that rows name. */
  Uni<List<KeyRow>> count() {
    return database
        .within(connection -> connection.query(COUNT).execute())
        .map(
            rows -> {
              Map<String, Long> counts = new TreeMap<>();
              keys.keyIds().forEach(key -> counts.put(key.hex(), 0L));
              rows.forEach(row -> counts.put(row.getString("key_id"), row.getLong("connections")));
              List<KeyRow> all = new ArrayList<>();
              counts.forEach((key, count) -> all.add(new KeyRow(key, state(key), count)));
              return all;
            })
        .invoke(
            rows -> {
              retired.set(connections(rows, RETIRED));
              unknown.set(connections(rows, UNKNOWN));
            });
  }

  /** The number of connections that a retired key sealed. */
  static long retired(List<KeyRow> rows) {
    return connections(rows, RETIRED);
  }

  private static long connections(List<KeyRow> rows, String state) {
    return rows.stream()
        .filter(row -> row.state().equals(state))
        .mapToLong(KeyRow::connections)
        .sum();
  }

  private String state(String key) {
    KeyId id = new KeyId(key);
    if (id.equals(keys.active())) {
      return "active";
    }
    return keys.holds(id) ? RETIRED : UNKNOWN;
  }
}
