package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.identity.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tenants who share two connections of a pool do not meet, whatever goes wrong in between. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
@TestProfile(RowLevelSecurityTest.TwoConnections.class)
class RowLevelSecurityTest {
  private static final int TENANTS = 10;
  private static final int TRANSACTIONS = 30_000;
  private static final int QUERIES_OF_A_TRANSACTION = 4;
  private static final int IN_FLIGHT = 50;
  private static final int LOST_CONNECTION = 10;

  /** One transaction in so many loses its connection in the middle. */
  private static final int ENDED_EVERY = 1_000;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A pool in which everybody follows somebody else. */
  public static final class TwoConnections implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.datasource.reactive.max-size", "2");
    }
  }

  @Inject TenantDatabase database;
  @Inject Pool pool;

  @TestHTTPResource("/")
  URI base;

  private final AtomicLong looks = new AtomicLong();
  private final AtomicInteger foreign = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final ExecutorService administrator = Executors.newSingleThreadExecutor();

  @Test
  void nobodySeesForeignRowsThroughCancelsAndErrors() throws InterruptedException {
    List<Api> tenants =
        IntStream.range(0, TENANTS)
            .mapToObj(n -> new Api("wall-" + n + UUID.randomUUID()))
            .toList();
    tenants.forEach(Api::rest);
    Random random = new Random(7);
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < TRANSACTIONS; i++) {
      assertThat(room.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      String tenant = tenants.get(random.nextInt(TENANTS)).tenant();
      int fate = i % ENDED_EVERY == ENDED_EVERY / 2 ? LOST_CONNECTION : random.nextInt(10);
      CountDownLatch over = new CountDownLatch(1);
      Cancellable subscription =
          database
              .within(new TenantId(tenant), connection -> work(connection, tenant, fate))
              .onTermination()
              .invoke(
                  () -> {
                    over.countDown();
                    room.release();
                  })
              .subscribe()
              .with(done -> {}, failure -> failed.incrementAndGet());
      if (fate == 1 && over.getCount() > 0) {
        cancelled.incrementAndGet();
        subscription.cancel();
      }
    }
    assertThat(room.tryAcquire(IN_FLIGHT, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(foreign).hasValue(0);
    // Half of them at least: how many end before they look is up to the moment of their end.
    assertThat(looks.get()).isGreaterThan((long) TRANSACTIONS * QUERIES_OF_A_TRANSACTION / 2);
    assertThat(cancelled.get()).isGreaterThan(1_000);
    assertThat(failed.get()).isGreaterThan(1_000);
    administrator.shutdown();
    assertThat(administrator.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(ended.get()).isGreaterThan(TRANSACTIONS / ENDED_EVERY / 2);
    assertNothingIsLeftOnTheConnections();
  }

  private Uni<Void> work(SqlConnection connection, String tenant, int fate) {
    List<Uni<Void>> queries = new ArrayList<>();
    for (int i = 0; i < QUERIES_OF_A_TRANSACTION; i++) {
      queries.add(
          connection
              .query("SELECT tenant_id FROM connections")
              .execute()
              .invoke(rows -> look(rows, tenant))
              .replaceWithVoid());
    }
    if (fate == 2) {
      queries.add(connection.query("SELECT 1 / 0").execute().replaceWithVoid());
    } else if (fate == 3) {
      queries.add(Uni.createFrom().failure(new IllegalStateException("the caller's mistake")));
    } else if (fate == LOST_CONNECTION) {
      queries.add(
          connection
              .query("SELECT pg_backend_pid() AS pid")
              .execute()
              .invoke(rows -> end(rows.iterator().next().getInteger("pid")))
              .replaceWithVoid());
      queries.add(connection.query("SELECT pg_sleep(3)").execute().replaceWithVoid());
    }
    return Uni.join().all(queries).andFailFast().replaceWithVoid();
  }

  private void end(int pid) {
    administrator.execute(
        () -> {
          try {
            ended.addAndGet(list("SELECT pg_terminate_backend(" + pid + ")").size());
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void look(RowSet<Row> rows, String tenant) {
    looks.incrementAndGet();
    if (rows.size() != 1 || !rows.iterator().next().getString("tenant_id").equals(tenant)) {
      foreign.incrementAndGet();
    }
  }

  /** Requests whose clients hang up while they are being answered. */
  @Test
  void clientsThatHangUpLeaveNothingBehind() throws IOException {
    Api api = Api.fresh();
    String connection = api.rest();
    for (int i = 0; i < 500; i++) {
      String body = "{\"connection_name\":\"n" + i + "\"}";
      try (Socket socket = new Socket(base.getHost(), base.getPort())) {
        socket.setSoLinger(true, 0);
        String request =
            "PATCH %s/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(
                    Api.CONNECTIONS, connection, Jwts.admin(api.tenant()), body.length(), body);
        socket.getOutputStream().write(request.getBytes(UTF_8));
      }
    }
    api.as()
        .body(Map.of("connection_name", "the last"))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
    assertNothingIsLeftOnTheConnections();
  }

  /** Every connection of the pool, held at the same time. */
  private void assertNothingIsLeftOnTheConnections() {
    List<SqlConnection> all =
        List.of(
            pool.getConnection().await().atMost(PATIENCE),
            pool.getConnection().await().atMost(PATIENCE));
    for (SqlConnection connection : all) {
      Row row =
          connection
              .query(
                  "SELECT current_setting('fastyoke.tenant', true) AS tenant, current_user AS role,"
                      + " (SELECT count(*) FROM connections) AS seen,"
                      + " now() = statement_timestamp() AS fresh")
              .execute()
              .await()
              .atMost(PATIENCE)
              .iterator()
              .next();
      assertThat(row.getString("tenant")).isNullOrEmpty();
      assertThat(row.getString("role")).isEqualTo("fastyoke_integrations_api");
      assertThat(row.getLong("seen")).isZero();
      assertThat(row.getBoolean("fresh")).as("no transaction was left open").isTrue();
    }
    all.forEach(connection -> connection.close().await().atMost(PATIENCE));
  }

  @Test
  void everyTenantTableHasForcedWallsWithPoliciesBothWays() throws SQLException {
    assertThat(
            list(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                    + " WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p')"
                    + " AND c.relnamespace = 'public'::regnamespace"))
        .contains("connections", "action_runs", "event_log", "utility_ledger");
    assertThat(
            list(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                    + " WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p')"
                    + " AND c.relnamespace = 'public'::regnamespace"
                    + " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"))
        .as("tables whose wall is open")
        .isEmpty();
    assertThat(
            list(
                "SELECT p.tablename || ' ' || p.policyname FROM pg_policies p"
                    + " WHERE 'fastyoke_integrations_api' = ANY (p.roles) AND NOT ("
                    + " p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL'"
                    + " AND p.qual = '(tenant_id = current_tenant())'"
                    + " AND p.with_check = '(tenant_id = current_tenant())')"))
        .as("policies of the tenants' role that are not the wall")
        .isEmpty();
    assertThat(list("SELECT tablename FROM pg_policies WHERE 'public' = ANY (roles)"))
        .as("policies for everybody")
        .isEmpty();
  }

  @Test
  void whatHasNoTenantIsNotForTheTenantsRole() throws SQLException {
    assertThat(
            list(
                "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND"
                    + " c.relnamespace = 'public'::regnamespace AND"
                    + " has_table_privilege('fastyoke_integrations_api', c.oid, 'SELECT, INSERT,"
                    + " UPDATE, DELETE') AND NOT EXISTS (SELECT FROM pg_attribute a WHERE"
                    + " a.attrelid = c.oid AND a.attname = 'tenant_id')"))
        .isEmpty();
    assertThat(
            list(
                "SELECT rolname FROM pg_roles r WHERE rolname LIKE 'fastyoke\\_integrations\\_%'"
                    + " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR"
                    + " rolcanlogin OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR"
                    + " EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid))"))
        .isEmpty();
  }

  /** A view or such a function sees with its owner's eyes, and the owner is behind every wall. */
  @Test
  void nothingLooksOverTheWallForOthers() throws SQLException {
    assertThat(
            list(
                "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('v', 'm', 'f')"
                    + " AND c.relnamespace = 'public'::regnamespace"))
        .as("views")
        .isEmpty();
    assertThat(
            list(
                "SELECT p.proname FROM pg_proc p WHERE p.prosecdef"
                    + " AND p.pronamespace = 'public'::regnamespace"))
        .as("functions with their owner's rights")
        .containsExactlyInAnyOrder("maintain_event_log", "fired_at_commit", "fastyoke_fire");
    assertThat(
            list(
                "SELECT p.proname FROM pg_proc p WHERE p.prosecdef"
                    + " AND p.pronamespace = 'public'::regnamespace"
                    + " AND (has_function_privilege('fastyoke_integrations_api', p.oid, 'EXECUTE')"
                    + " OR NOT p.proconfig && ARRAY['search_path=public, pg_temp',"
                    + " 'search_path=pg_catalog, pg_temp'])"))
        .as("that tenants may call, or whose names others may redirect")
        .isEmpty();
  }

  /** The same through Hibernate's sessions, which have a way of their own to the pool. */
  @Test
  void sessionsThatFailLeaveNothingBehind() throws Exception {
    List<Api> tenants = List.of(Api.fresh(), Api.fresh(), Api.fresh());
    List<String> own = tenants.stream().map(Api::rest).toList();
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int turn = i;
        all.add(callers.submit(() -> one(tenants, own, turn)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      callers.shutdownNow();
    }
    assertNothingIsLeftOnTheConnections();
  }

  /** Successes and failures of all kinds, one beside the other. */
  private static void one(List<Api> tenants, List<String> own, int turn) {
    Api api = tenants.get(turn % 3);
    String mine = Api.CONNECTIONS + "/" + own.get(turn % 3);
    String theirs = Api.CONNECTIONS + "/" + own.get((turn + 1) % 3);
    switch (turn % 5) {
      case 0 ->
          assertThat(api.as().get(Api.CONNECTIONS).jsonPath().getList("id"))
              .containsExactly(own.get(turn % 3));
      case 1 -> api.as().get(theirs).then().statusCode(404);
      case 2 ->
          api.as()
              .header("If-Match", "\"99999\"")
              .body(Map.of("status", "paused"))
              .patch(mine)
              .then()
              .statusCode(409);
      case 3 -> api.as().body(Map.of("status", "active")).patch(theirs).then().statusCode(404);
      default -> api.as().get(mine).then().statusCode(200);
    }
  }

  private static List<String> list(String query) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement sql = database.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
