package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.WarmUp;
import io.fastyoke.integrations.identity.TenantId;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import org.hibernate.query.spi.QueryEngine;
import org.hibernate.query.sqm.NodeBuilder;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Lets Hibernate read its query language once: its first sentence takes seconds on a busy machine,
 * and it reads on the event loop of whoever asks.
 */
@ApplicationScoped
class QueryWarmUp {
  /** As {@link ConnectionStore} has them; each part of a filter once. */
  private static final String SENTENCE =
      "from StoredConnection where tenantId = :tenant and provider = :provider"
          + " and (locate(:search, coalesce(nameKey, lower(connectionName))) > 0"
          + " or cast(id as string) = :search) and id in :ids"
          + " and status = 'active' and sealed.keyId not in :readable and id < :after"
          + " order by id desc";

  private static final UUID NONE = new UUID(0, 0);

  private final ConnectionStore store;
  private final Mutiny.SessionFactory sessions;

  QueryWarmUp(ConnectionStore store, Mutiny.SessionFactory sessions) {
    this.store = store;
    this.sessions = sessions;
  }

  void atStart(@Observes @Priority(WarmUp.PRIORITY) StartupEvent event) {
    // Here, on the main thread, without a session.
    if (sessions.getCriteriaBuilder() instanceof NodeBuilder builder) {
      QueryEngine queries = builder.getQueryEngine();
      queries.interpretHql(SENTENCE, StoredConnection.class);
    }
    TenantId nobody = new TenantId(WarmUp.NOBODY);
    ConnectionFilter all = new ConnectionFilter(null, null, null, null);
    WarmUp.on(() -> store.within(nobody, () -> store.page(nobody, all, List.of(), null, 1)));
    WarmUp.on(() -> store.within(nobody, () -> store.required(nobody, NONE)));
  }
}
