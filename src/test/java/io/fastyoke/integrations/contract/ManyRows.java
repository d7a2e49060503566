package io.fastyoke.integrations.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * A tenant with as many connections and runs as a test wants: copies of one connection and of a run
 * that went through it, made in the database, in the last three hours. The first connection is the
 * only one whose last run failed, and the seventh copy the only one that is paused.
 */
public final class ManyRows {
  public static final int CONNECTIONS = 10_000;
  public static final int RUNS = 100_000;

  /** The n-th row's id: a UUIDv7 of some time in the last three hours. */
  private static final String ID =
      """
      (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - (%2$d - n) * 100), 12, '0')
        || '7000' || '%1$s' || lpad(to_hex(n), 12, '0'))::uuid
      """;

  private static ManyRows most;

  private final Api api = Api.fresh();
  private final String connection = api.rest();

  private ManyRows() {}

  /** The same tenant for all tests, since it takes a while to make; nobody changes it. */
  public static synchronized ManyRows most() {
    if (most == null) {
      most = of(CONNECTIONS, RUNS);
    }
    return most;
  }

  public static ManyRows of(int connections, int runs) {
    ManyRows made = new ManyRows();
    String run = made.api.fire(Api.action(made.connection, "/fine")).then().extract().path("id");
    made.api.fire(Api.action(made.connection, "/status/500"));
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection()) {
      made.fill(database, run, connections, runs);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return made;
  }

  public String tenant() {
    return api.tenant();
  }

  Api api() {
    return api;
  }

  /** The connection that all others are copies of. */
  String connection() {
    return connection;
  }

  private void fill(Connection database, String run, int connections, int runs)
      throws SQLException {
    update(
        database,
        """
        INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, status, created_at, updated_at, created_by)
        SELECT %s, tenant_id, provider, 'Connection ' || n, credentials, key_id,
          CASE WHEN n = 7 THEN 'paused' ELSE 'active' END, created_at, updated_at, created_by
        FROM connections, generate_series(1, %d) AS n WHERE id = ?::uuid
        """
            .formatted(ID.formatted("8000", connections), connections),
        connection);
    update(
        database,
        """
        CREATE TEMP TABLE made AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM connections
        WHERE tenant_id = (SELECT tenant_id FROM connections WHERE id = ?::uuid) AND connection_name LIKE 'Connection %'
        """,
        connection);
    update(
        database,
        """
        INSERT INTO action_runs (id, tenant_id, job_id, ordered, request, actions, connection_ids, status, created_at, finished_at)
        SELECT %s, r.tenant_id, 'job-' || n, r.ordered, r.request, r.actions, ARRAY[m.id], r.status, r.created_at, r.finished_at
        FROM action_runs r, generate_series(1, %d) AS n JOIN made m ON m.place = n %% %d
        WHERE r.id = ?::uuid
        """
            .formatted(ID.formatted("9000", runs), runs, connections),
        run);
    update(
        database,
        """
        INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider, event_type,
          outcome, attempt, ends_action, duration_ms, occurred_at)
        SELECT %s, e.tenant_id, e.run_id, 'job-' || n, 0, e.delivery_id, m.id, e.provider, e.event_type,
          'success', 1, true, n %% 500, now() - (%d - n) * interval '100 ms'
        FROM event_log e, generate_series(1, %d) AS n JOIN made m ON m.place = n %% %d
        WHERE e.run_id = ?::uuid AND e.event_type = 'WEBHOOK'
        """
            .formatted(ID.formatted("a000", runs), runs, runs, connections),
        run);
    try (Statement statement = database.createStatement()) {
      statement.execute("ANALYZE connections, action_runs, event_log");
    }
  }

  private static void update(Connection database, String sql, String id) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(id).toString());
      statement.executeUpdate();
    }
  }
}
