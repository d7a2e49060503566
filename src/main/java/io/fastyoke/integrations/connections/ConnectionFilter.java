package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.http.QueryParams;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which connections of a tenant; null in a field means any.
 *
 * @param search a part of the name, ignoring case, or a whole id
 */
record ConnectionFilter(
    @Nullable String provider,
    @Nullable String search,
    @Nullable Status status,
    @Nullable List<UUID> ids) {
  private static final int MAX_IDS = 100;

  /** As on the wire, and those that are active but failed last. */
  enum Status {
    ACTIVE,
    FAILING,
    PAUSED,
    UNREADABLE
  }

  /** The same, of these only. */
  ConnectionFilter among(List<UUID> some) {
    List<UUID> both = ids == null ? some : some.stream().filter(ids::contains).toList();
    return new ConnectionFilter(provider, search, status, both);
  }

  /**
   * From query parameters.
   *
   * @throws io.fastyoke.integrations.errors.ApiException 400 naming the parameter
   */
  static ConnectionFilter of(
      @Nullable String provider,
      @Nullable String search,
      @Nullable String status,
      @Nullable String ids) {
    return new ConnectionFilter(
        provider,
        search,
        QueryParams.oneOf("status", Status.class, status),
        QueryParams.uuids("ids", ids, MAX_IDS));
  }
}
