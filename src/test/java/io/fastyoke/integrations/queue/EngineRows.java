package io.fastyoke.integrations.queue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.support.Sql;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/** A database of its own, without a service, for the engine's statements; time is moved in rows. */
final class EngineRows implements AutoCloseable {
  static final String TENANT = "t1";

  private final String database = "rows_" + UUID.randomUUID().toString().replace('-', '_');
  private final Sql sql =
      new Sql(() -> TestPostgres.server().getDatabase("postgres", database).getConnection());
  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;
  final PipelinedTransactions pipeline;
  final RunRows rows = new RunRows(new RunCodec(new ObjectMapper()));

  EngineRows() {
    Sql.of(TestPostgres.server()).execute("CREATE DATABASE " + database);
    Flyway.configure()
        .dataSource(TestPostgres.server().getDatabase("postgres", database))
        .locations("classpath:db/migration")
        .load()
        .migrate();
    pool =
        Pool.pool(
            vertx,
            new PgConnectOptions()
                .setHost("localhost")
                .setPort(TestPostgres.server().getPort())
                .setUser("postgres")
                .setDatabase(database),
            new PoolOptions().setMaxSize(2));
    pipeline =
        new PipelinedTransactions(
            pool,
            () -> true,
            () -> "BEGIN; SET LOCAL ROLE fastyoke_integrations_engine",
            failure -> {});
  }

  /** An active connection. */
  UUID connection(String columns, String values) {
    UUID id = UUID.randomUUID();
    execute(
        """
        INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, created_at, updated_at,
          created_by, %s)
        VALUES ('%s', '%s', 'generic_rest', '%s', 'x', 'k', now(), now(), 'me', %s)
        """
            .formatted(columns, id, TENANT, id, values));
    return id;
  }

  /** Runs that wait for the limits of a connection. */
  void parked(UUID connection, int count) {
    execute(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, next_connection,
          status, gate)
        SELECT gen_random_uuid(), '%2$s', false, '{}', '[]', ARRAY['%1$s'::uuid], now(), '%1$s', 'pending', '%1$s'
        FROM generate_series(1, %3$d)
        """
            .formatted(connection, TENANT, count));
  }

  void execute(String statement) {
    sql.execute(statement);
  }

  String text(String query) {
    return sql.first(query);
  }

  @Override
  public void close() {
    pool.closeAndAwait();
    vertx.closeAndAwait();
  }
}
