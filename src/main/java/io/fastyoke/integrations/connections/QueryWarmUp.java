package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.WarmUp;
import io.fastyoke.integrations.identity.TenantId;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/** Warms up the queries of connections, as a tenant without any. */
@ApplicationScoped
class QueryWarmUp {
  private static final UUID NONE = new UUID(0, 0);

  private final ConnectionStore store;

  QueryWarmUp(ConnectionStore store) {
    this.store = store;
  }

  void atStart(@Observes @Priority(WarmUp.PRIORITY) StartupEvent event) {
    TenantId tenant = new TenantId(WarmUp.TENANT);
    ConnectionFilter all = new ConnectionFilter(null, null, null, null);
    WarmUp.on(() -> store.within(tenant, () -> store.page(tenant, all, List.of(), null, 1)));
    WarmUp.on(() -> store.within(tenant, () -> store.required(tenant, NONE)));
  }
}
