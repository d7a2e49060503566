package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.contract.TestPostgres;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String BEGIN = "BEGIN; SELECT set_config('fastyoke.tenant', '%s', true)";

  private final Vertx vertx = Vertx.vertx();
  private Pool pool;

  @BeforeEach
  void connect() {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost("localhost")
            .setPort(TestPostgres.server().getPort())
            .setDatabase("postgres")
            .setUser("postgres");
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(options)
            .using(vertx)
            .build();
  }

  @AfterEach
  void close() {
    pool.close().await().atMost(PATIENCE);
    vertx.close().await().atMost(PATIENCE);
  }

  /** The one who waits for the only connection gets it, and a transaction of its own. */
  @Test
  void whoeverIsNotWaitedForAnyMoreDoesNotEndSomebodyElsesTransaction() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Cancellable first =
        Transactions.run(
                pool,
                BEGIN.formatted("one"),
                connection -> {
                  begun.countDown();
                  return tenant(connection, 0.3).chain(() -> tenant(connection, 0));
                })
            .subscribe()
            .with(done -> {});
    assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Uni<String> second =
        Transactions.run(
                pool,
                BEGIN.formatted("two"),
                connection -> tenant(connection, 0.1).chain(() -> tenant(connection, 0.1)))
            .memoize()
            .indefinitely();
    second.subscribe().with(done -> {});
    first.cancel();
    assertThat(second.await().atMost(PATIENCE)).isEqualTo("two");
  }

  private static Uni<String> tenant(SqlConnection connection, double seconds) {
    return connection
        .query(
            "SELECT current_setting('fastyoke.tenant', true) FROM pg_sleep(%s)".formatted(seconds))
        .execute()
        .map(rows -> rows.iterator().next().getString(0));
  }
}
