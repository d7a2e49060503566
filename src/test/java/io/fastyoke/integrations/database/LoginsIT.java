package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.Eventually;
import io.fastyoke.integrations.support.LoopbackServer;
import io.fastyoke.integrations.support.Sql;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The logins that people have, on the versions that they have: 16 and 18, and with {@code
 * -Ddatabase.matrix=all} 14 to 18.
 */
class LoginsIT {
  private static final Pattern AS_DOCUMENTED =
      Pattern.compile("<!-- as (\\w+) -->\\s*```\\w+\\n(.*?)```", Pattern.DOTALL);

  private static final String CONNECTIONS = "/api/v1/tenant/connections";
  private static final String RUNS = "/api/v1/tenant/action-runs";

  private static LoopbackServer receiver;

  @BeforeAll
  static void listen() throws IOException {
    receiver =
        LoopbackServer.start(
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            });
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  static Stream<Integer> versions() {
    return "all".equals(System.getProperty("database.matrix"))
        ? IntStream.rangeClosed(14, 18).boxed()
        : Stream.of(16, 18);
  }

  /** The SQL of docs/operations.md, for this heading. */
  private static String documented(String name) throws IOException {
    Matcher sql = AS_DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md")));
    while (sql.find()) {
      if (sql.group(1).equals(name)) {
        return sql.group(2).replace("…", "secret");
      }
    }
    throw new AssertionError("docs/operations.md does not say how: " + name);
  }

  static Map<String, String> env(String url) {
    Map<String, String> env = new HashMap<>();
    env.put("DATABASE_URL", url);
    env.put("ENCRYPTION_KEY", ServiceClient.ENCRYPTION_KEY);
    env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
    env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    env.put("EGRESS_ALLOW_HTTP", "true");
    return env;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyLoginThatIsDocumented(int version) throws Exception {
    List<List<String>> catalogues = new ArrayList<>();
    try (PostgresVersion postgres = new PostgresVersion(version)) {
      postgres.as("postgres", "postgres").run(documented("plain"));
      Map<String, String> plain = env(postgres.url("app", "app"));
      try (ServiceProcess service = ServiceProcess.start(plain)) {
        assertThat(service.log())
            .contains("it works as its login app, under forced row-level security");
        assertThat(ready(service)).contains("login", "directly");
        use(service);
        countsWhatWaits(service, postgres);
      }
      assertKeptApart(postgres, "app", "");
      assertThat(check(plain)).contains("works as the login app, under forced row-level security");

      Map<String, String> require = new HashMap<>(plain);
      require.put("DATABASE_ROLES", "require");
      try (ServiceProcess service = ServiceProcess.launch(require)) {
        assertThat(service.exitCode()).isNotZero();
        assertThat(service.log())
            .contains("DATABASE_ROLES=require, and the login app may not work under the roles")
            .doesNotContain("\tat ");
      }
      assertThat(check(require)).contains("FAILED  roles     DATABASE_ROLES=require");

      postgres.as("postgres", "postgres").run(documented("roles"));
      assertThat(check(require)).contains("ok      roles     the roles are there");
      try (ServiceProcess service = ServiceProcess.start(require)) {
        assertThat(ready(service)).contains("roles", "directly");
        use(service);
        countsWhatWaits(service, postgres);
        assertThat(check(require)).contains("works under fastyoke_integrations_api");
      }
      assertKeptApart(postgres, "app", "SET LOCAL ROLE fastyoke_integrations_api");
      catalogues.add(catalogue(postgres, "app"));
      aLoginThatInheritsFromTheEngine(postgres, version, plain);

      postgres
          .as("postgres", "postgres")
          .run("CREATE ROLE other LOGIN CREATEROLE; CREATE DATABASE other OWNER other");
      // Before 16 the right to make roles was the right to all roles that are no superusers.
      try (ServiceProcess service = ServiceProcess.start(env(postgres.url("other", "other")))) {
        use(service);
        assertThat(ready(service)).contains(version < 16 ? "roles" : "login");
      }
    }
    try (PostgresVersion postgres = new PostgresVersion(version)) {
      postgres.as("postgres", "postgres").run(documented("createrole"));
      try (ServiceProcess service = ServiceProcess.start(env(postgres.url("app", "app")))) {
        assertThat(ready(service)).contains("roles");
        use(service);
      }
      catalogues.add(catalogue(postgres, "app"));
      aLoginForMigrations(postgres);
    }
    assertThat(catalogues.get(1)).isEqualTo(catalogues.get(0));
  }

  /** What the command says of it. */
  private static String check(Map<String, String> env) {
    try (ServiceProcess check = ServiceProcess.launch(env, "check")) {
      assertThat(check.exitCode()).as(check.log()).isBetween(0, 1);
      return check.log();
    }
  }

  static Stream<Arguments> poolers() {
    return versions()
        .flatMap(version -> Stream.of("transaction", "session").map(m -> Arguments.of(version, m)))
        .filter(
            each ->
                "all".equals(System.getProperty("database.matrix")) || each.get()[0].equals(16));
  }

  /**
   * First as the login alone, then under roles; two replicas each, which have to find each other's
   * work.
   */
  @ParameterizedTest
  @MethodSource("poolers")
  void throughPgBouncer(int version, String mode) throws Exception {
    try (PostgresVersion postgres = new PostgresVersion(version);
        PgBouncer pooler = new PgBouncer(postgres.server.getPort(), mode)) {
      postgres.as("postgres", "postgres").run(documented("plain"));
      Map<String, String> env = env(pooler.url("app", "app"));
      try (ServiceProcess service = ServiceProcess.start(env)) {
        assertThat(ready(service)).contains("login", "through a pooler");
        assertThat(ready(service).contains("keeps prepared statements"))
            .isEqualTo(pooler.keepsStatements());
        use(service);
      }
      assertKeptApart(postgres, "app", "");
      postgres.as("postgres", "postgres").run(documented("roles"));
      try (ServiceProcess service = ServiceProcess.start(env);
          ServiceProcess another = ServiceProcess.start(env)) {
        assertThat(ready(service)).contains("roles", "through a pooler");
        assertThat(check(env)).contains("works under").doesNotContain("FAILED");
        for (int i = 0; i < 20; i++) {
          use(service);
          use(another);
        }
      }
      assertKeptApart(postgres, "app", "SET LOCAL ROLE fastyoke_integrations_api");
      assertThat(
              postgres
                  .as("postgres", "app")
                  .list(
                      "SELECT count(*) FROM action_runs r WHERE status <> 'succeeded' OR 1 <>"
                          + " (SELECT count(*) FROM utility_ledger l WHERE l.run_id = r.id)"))
          .containsExactly("0");

      // Migrations go around the pooler, as somebody who may make tables, and so does LISTEN.
      postgres.as("postgres", "postgres").run(documented("migrations"));
      Map<String, String> around = env(pooler.url("app_service", "app_of_two"));
      around.put("DATABASE_DIRECT_URL", postgres.url("app_owner", "app_of_two"));
      try (ServiceProcess service = ServiceProcess.start(around)) {
        assertThat(ready(service)).contains("roles", "through a pooler");
        use(service);
        assertThat(
                postgres
                    .as("postgres", "postgres")
                    .list("SELECT usename FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))
            .containsExactly("app_owner");
      }
    }
  }

  /** It may not work as the engine, and would see as itself what the engine sees. */
  private static void aLoginThatInheritsFromTheEngine(
      PostgresVersion postgres, int version, Map<String, String> env) throws Exception {
    postgres
        .as("postgres", "postgres")
        .run(
            "REVOKE fastyoke_integrations_api, fastyoke_integrations_engine FROM app;"
                + " GRANT fastyoke_integrations_engine TO app"
                + (version < 16 ? "" : " WITH INHERIT TRUE, SET FALSE"));
    try (ServiceProcess service = ServiceProcess.launch(env)) {
      assertThat(service.exitCode()).as(service.log()).isEqualTo(1);
      assertThat(service.log())
          .contains("shows app the rows of all tenants: REVOKE fastyoke_integrations_engine FROM")
          .doesNotContain("\tat ");
    }
  }

  private static void aLoginForMigrations(PostgresVersion postgres) throws Exception {
    postgres.as("postgres", "postgres").run(documented("migrations"));
    Map<String, String> env = env(postgres.url("app_service", "app_of_two"));
    env.put("QUARKUS_FLYWAY_USERNAME", "app_owner");
    env.put("QUARKUS_FLYWAY_PASSWORD", "secret");
    try (ServiceProcess service = ServiceProcess.start(env)) {
      assertThat(ready(service)).contains("roles");
      assertThat(service.log()).doesNotContain("may do more than its roles");
      use(service);
    }
  }

  static String ready(ServiceProcess service) {
    return ServiceClient.platform().send(service.baseUri(), "GET", "/q/health/ready", null).body();
  }

  /** A connection of each of two tenants, a run and all that it leaves. */
  static void use(ServiceProcess service) {
    String url = receiver.url();
    for (String name : List.of("one", "two")) {
      ServiceClient tenant = ServiceClient.tenant(name);
      URI at = service.baseUri();
      String id = tenant.connect(at, "c" + System.nanoTime(), url);
      ServiceClient.Answer fired = tenant.send(at, "POST", RUNS, run(id, "/x"));
      assertThat(fired.status()).as(fired.body()).isEqualTo(200);
      assertThat(fired.json().get("status").asText()).as(fired.body()).isEqualTo("succeeded");
      ServiceClient foreign = ServiceClient.tenant(name.equals("one") ? "two" : "one");
      assertThat(foreign.send(at, "GET", CONNECTIONS + "/" + id, null).status()).isEqualTo(404);
      assertThat(
              foreign
                  .send(at, "PATCH", CONNECTIONS + "/" + id, Map.of("status", "paused"))
                  .status())
          .isEqualTo(404);
    }
  }

  /** The gauges cross tenants, whatever the service works as. */
  private static void countsWhatWaits(ServiceProcess service, PostgresVersion postgres)
      throws Exception {
    Sql sql = postgres.as("postgres", "app");
    sql.run(
        "INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, status, due_at)"
            + " SELECT gen_random_uuid(), tenant, false, '{}', '[]', '{}', now(), 'running', now() + interval '1 hour'"
            + " FROM unnest(ARRAY['one', 'two']) tenant");
    Eventually.eventually(
        "two retries wait",
        () ->
            ServiceClient.platform()
                .send(service.baseUri(), "GET", "/q/metrics", null)
                .body()
                .contains("\nfastyoke_runs_retrying 2.0\n"));
    sql.run("DELETE FROM action_runs WHERE finished_at IS NULL");
  }

  private static Map<String, Object> run(String connection, String path) {
    return Map.of(
        "job", Map.of("id", "job"),
        "transition", Map.of("event_type", "start"),
        "actions",
            List.of(
                Map.of(
                    "action_type",
                    "WEBHOOK",
                    "retry",
                    Map.of("max_attempts", 2, "backoff_ms", 60_000),
                    "payload_template",
                    Map.of("connection_id", connection, "path", path, "body", Map.of("a", 1)))));
  }

  private static void awaitLockWaits(PostgresVersion postgres, int sessions) {
    Sql activity = postgres.as("postgres", "app");
    eventually(
        sessions + " sessions wait for a lock",
        () ->
            activity.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                == sessions);
  }

  /** With an open transaction in the way, as a replica of the version before may have one. */
  @Test
  void anUpgradeEndsWithTheRightsOfAFirstInstallation() throws Exception {
    try (PostgresVersion postgres = new PostgresVersion(16)) {
      Sql administrator = postgres.as("postgres", "postgres");
      administrator.run(documented("createrole"));
      administrator.run("CREATE DATABASE fresh OWNER app");
      Flyway before =
          Flyway.configure()
              .dataSource(postgres.server.getDatabase("app", "app"))
              .locations("classpath:db/previous")
              .load();
      before.migrate();
      try (Connection busy = postgres.server.getDatabase("app", "app").getConnection();
          Statement statement = busy.createStatement()) {
        busy.setAutoCommit(false);
        statement.execute("SELECT FROM connections");
        ServiceProcess service = ServiceProcess.launch(env(postgres.url("app", "app")));
        try (service) {
          awaitLockWaits(postgres, 1);
          // Nobody waits behind it for longer than a second.
          awaitLockWaits(postgres, 0);
          busy.commit();
          service.awaitReady();
          use(service);
          assertThat(ready(service)).contains("roles");
          // A replica of the version before starts on it.
          before.validate();
          before.migrate();
        }
      }
      try (ServiceProcess service = ServiceProcess.start(env(postgres.url("app", "fresh")))) {
        use(service);
      }
      assertThat(catalogue(postgres, "app")).isEqualTo(catalogue(postgres, "fresh"));
    }
  }

  private static void assertKeptApart(PostgresVersion postgres, String login, String as)
      throws Exception {
    Sql sql = postgres.as(login, "app");
    for (String table : List.of("connections", "action_runs", "event_log", "utility_ledger")) {
      String tenants = "SELECT DISTINCT tenant_id FROM " + table + " ORDER BY 1";
      assertThat(sql.after(as, tenants)).as(table).isEmpty();
      assertThat(sql.after(as + "; SET LOCAL fastyoke.tenant = 'one'", tenants))
          .as(table)
          .containsExactly("one");
      assertThat(sql.after("SET LOCAL fastyoke.engine = 'on'", tenants))
          .as(table)
          .containsExactly("one", "two");
    }
    assertThat(
            sql.after(
                as + "; SET LOCAL fastyoke.tenant = 'one'",
                "WITH moved AS (UPDATE connections SET status = 'paused' WHERE tenant_id = 'two'"
                    + " RETURNING 1) SELECT * FROM moved"))
        .isEmpty();
  }

  /** All rights of an installation, as text. */
  static List<String> catalogue(PostgresVersion postgres, String database) throws Exception {
    return postgres
        .as("postgres", database)
        .list(
            "SELECT * FROM (SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) FROM pg_policies"
                + " UNION ALL SELECT concat_ws(' ', table_name, grantee, privilege_type) FROM information_schema.role_table_grants"
                + " WHERE table_schema = 'public'"
                + " UNION ALL SELECT concat_ws(' ', table_name, column_name, grantee, privilege_type)"
                + " FROM information_schema.role_column_grants WHERE table_schema = 'public'"
                + " UNION ALL SELECT concat_ws(' ', routine_name, grantee, privilege_type)"
                + " FROM information_schema.role_routine_grants WHERE routine_schema = 'public'"
                + " UNION ALL SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity) FROM pg_class"
                + " WHERE relnamespace = 'public'::regnamespace) AS x ORDER BY 1");
  }
}
