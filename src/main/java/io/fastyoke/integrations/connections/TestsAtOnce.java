package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Limits the tests that one tenant has under way on this replica. Each holds a connection to a host
 * of the tenant's choice for up to 15 s, and no connection's limits hold for it.
 */
final class TestsAtOnce {
  static final int MAX_TESTS = 8;

  private final Map<TenantId, Integer> running = new ConcurrentHashMap<>();

  /** Runs the test if the tenant is below the limit; fails with 429 otherwise. */
  <T> Uni<T> one(TenantId tenant, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              if (running.merge(tenant, 1, Integer::sum) > MAX_TESTS) {
                leave(tenant);
                throw ApiException.rateLimited(
                    "Too many tests are under way for this tenant; wait for one of them.", 1);
              }
              return Uni.createFrom()
                  .<T>deferred(() -> work.get())
                  .onTermination()
                  .invoke(() -> leave(tenant));
            });
  }

  private void leave(TenantId tenant) {
    running.computeIfPresent(tenant, (key, count) -> count == 1 ? null : count - 1);
  }
}
