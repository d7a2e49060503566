package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.vault.KeyId;
import io.fastyoke.integrations.vault.KeyRing;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the connections under each key, over all tenants. */
@ApplicationScoped
public class KeyUsage {
  private static final String COUNT =
      "SELECT key_id, count(*) AS connections FROM connections GROUP BY key_id";

  private final Pool pool;
  private final KeyRing keys;

  KeyUsage(@ReactiveDataSource("engine") Pool pool, KeyRing keys) {
    this.pool = pool;
    this.keys = keys;
  }

  /**
   * A key and what lies under it.
   *
   * @param state {@code active}, {@code retired}, or {@code unknown} when the service does not have
   *     it
   */
  public record KeyRow(String keyId, String state, long connections) {}

  /** All keys of the ring and all keys that rows name. */
  Uni<List<KeyRow>> count() {
    return pool.query(COUNT)
        .execute()
        .map(
            rows -> {
              Map<String, Long> counts = new TreeMap<>();
              keys.keyIds().forEach(key -> counts.put(key.hex(), 0L));
              rows.forEach(row -> counts.put(row.getString("key_id"), row.getLong("connections")));
              List<KeyRow> all = new ArrayList<>();
              counts.forEach((key, count) -> all.add(new KeyRow(key, state(key), count)));
              return all;
            });
  }

  private String state(String key) {
    KeyId id = new KeyId(key);
    if (id.equals(keys.active())) {
      return "active";
    }
    return keys.holds(id) ? "retired" : "unknown";
  }
}
