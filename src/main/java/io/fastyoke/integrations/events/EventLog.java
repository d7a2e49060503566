package io.fastyoke.integrations.events;

import io.fastyoke.integrations.database.TenantDatabase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Appends events that do not belong to a run: tests and changes of connections. */
@ApplicationScoped
public class EventLog {
  private static final String APPEND = EventRows.insert(1);

  private final TenantDatabase database;
  private final EventRows rows;

  EventLog(TenantDatabase database, EventRows rows) {
    this.database = database;
    this.rows = rows;
  }

  /** Appends one event in a transaction of its own. */
  public Uni<Void> append(Event event) {
    return database.within(event.tenant(), connection -> append(connection, event));
  }

  private Uni<Void> append(SqlConnection connection, Event event) {
    Tuple parameters = Tuple.tuple();
    rows.addTo(parameters, List.of(event));
    return connection.preparedQuery(APPEND).execute(parameters).replaceWithVoid();
  }
}
