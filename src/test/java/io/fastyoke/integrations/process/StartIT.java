package io.fastyoke.integrations.process;

import static io.fastyoke.integrations.support.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.support.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands, ports, and the end of a start that is not over. */
class StartIT {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  /** A start of a process with neither keys nor a way to verify tokens. */
  private static Map<String, String> databaseOnly(String database) {
    return new HashMap<>(
        Map.of(
            "DATABASE_URL",
            "postgres://postgres@localhost:%d/%s?sslmode=disable"
                .formatted(postgres.getPort(), database)));
  }

  @Test
  void stopsWhileItWaitsForADatabaseThatIsSilent() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      Map<String, String> env = ServiceProcess.env(postgres);
      env.put("DATABASE_URL", "postgres://a:b@127.0.0.1:" + silent.getLocalPort() + "/c");
      try (ServiceProcess service = ServiceProcess.launch(env);
          Socket asked = silent.accept()) {
        assertThat(asked.isConnected()).isTrue();
        assertThat(service.terminate()).isZero();
      }
    }
  }

  /** PostgreSQL takes back what was not committed, and the next one migrates all of it. */
  @Test
  void stopsInTheMiddleOfAMigrationWhichIsThenDoneByTheCommand() throws SQLException {
    Sql.of(postgres).execute("CREATE DATABASE halfway");
    Map<String, String> env = databaseOnly("halfway");
    try (Connection other = postgres.getDatabase("postgres", "halfway").getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      // Whoever creates the same table waits for the end of this transaction.
      statement.execute("CREATE TABLE action_runs (held integer)");
      Map<String, String> serving = ServiceProcess.env(postgres);
      serving.putAll(env);
      try (ServiceProcess service = ServiceProcess.launch(serving)) {
        awaitLockWait(service);
        assertThat(service.terminate()).isZero();
      }
      try (ServiceProcess migration = ServiceProcess.launch(env, "migrate")) {
        awaitLockWait(migration);
        assertThat(migration.terminate()).as("a release step that was cut off").isEqualTo(143);
      }
      other.rollback();
    }
    try (ServiceProcess migration = ServiceProcess.launch(env, "migrate")) {
      assertThat(migration.exitCode()).as(migration.log()).isZero();
      assertThat(migration.log()).doesNotContain("Listening on", "\tat ");
    }
    assertThat(tables("halfway")).isGreaterThan(5);
  }

  @Test
  void aCheckFindsAllFaultsAtOnceAndChangesNothing() throws SQLException {
    Sql.of(postgres).execute("CREATE DATABASE checked");
    Map<String, String> env = databaseOnly("checked");
    try (ServiceProcess check = ServiceProcess.launch(env, "check")) {
      assertThat(check.exitCode()).as(check.log()).isEqualTo(1);
      assertThat(check.logLines()).hasSize(8);
      assertThat(check.log())
          .contains("FAILED  keys      ENCRYPTION_KEY is not set")
          .contains("FAILED  tokens    Set JWT_SECRET")
          .contains("ok      database  postgres://postgres@localhost:")
          .contains("ok      schema    empty")
          .doesNotContain("\tat ");
    }
    assertThat(tables("checked")).isZero();
    env.put("ENCRYPTION_KEY", printed("keys", "generate"));
    env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
    try (ServiceProcess check = ServiceProcess.launch(env, "check")) {
      assertThat(check.exitCode()).as(check.log()).isZero();
      assertThat(check.log()).doesNotContain(env.get("ENCRYPTION_KEY"), ServiceClient.JWT_SECRET);
    }
    assertThat(tables("checked")).isZero();
    try (ServiceProcess migration = ServiceProcess.launch(env, "migrate")) {
      assertThat(migration.exitCode()).as(migration.log()).isZero();
    }
    try (ServiceProcess check = ServiceProcess.launch(env, "check")) {
      assertThat(check.exitCode()).as(check.log()).isZero();
      assertThat(check.log())
          .containsPattern("ok      schema    version \\d+, which is current")
          .contains("ok      roles     works under fastyoke_integrations_api")
          .contains("ok      clock     0.0 s ");
    }
  }

  @Test
  void helpAndVersionNeedNoSetting() {
    assertThat(printed("--help"))
        .contains("Usage: integrations", "migrate", "check", "keys", "token");
    assertThat(printed("--version")).matches("integrations \\d+\\.\\d+\\.\\d+\\S*");
    assertThat(printed("keys", "generate")).matches("[0-9a-f]{64}");
  }

  @Test
  void aTokenIsPrintedInTheDevProfileOnly() {
    Map<String, String> env = ServiceProcess.env(postgres);
    try (ServiceProcess refused = ServiceProcess.launch(env, "token")) {
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.logLines()).hasSize(1);
      assertThat(refused.log()).contains("works in the dev profile only");
    }
    try (ServiceProcess refused =
        ServiceProcess.launch(Map.of("QUARKUS_PROFILE", "dev"), "token")) {
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.log()).startsWith("Set JWT_SECRET");
    }
    String token =
        printed(Map.of("QUARKUS_PROFILE", "dev", "JWT_SECRET", ServiceClient.JWT_SECRET), "token");
    try (ServiceProcess service = ServiceProcess.start(env)) {
      assertThat(
              ServiceClient.withToken(token)
                  .send(service.baseUri(), "GET", "/api/v1/tenant/connections", null)
                  .status())
          .isEqualTo(200);
    }
  }

  private static String printed(String... arguments) {
    return printed(Map.of(), arguments);
  }

  private static String printed(Map<String, String> env, String... arguments) {
    try (ServiceProcess process = ServiceProcess.launch(env, arguments)) {
      assertThat(process.exitCode()).as(process.log()).isZero();
      return process.log().strip();
    }
  }

  @Test
  void whatIsNoCommandIsRefusedInOneLine() {
    for (String[] arguments :
        new String[][] {{"migrat"}, {"migrate", "now"}, {"--serve"}, {""}, {"keys"}}) {
      try (ServiceProcess service = ServiceProcess.launch(databaseOnly("postgres"), arguments)) {
        assertThat(service.exitCode()).isEqualTo(1);
        assertThat(service.logLines())
            .singleElement()
            .asString()
            .contains("is no command")
            .contains("migrate");
      }
    }
  }

  @Test
  void withAPortForManagementTheOtherHasNothingOfIt() throws IOException {
    Map<String, String> env = ServiceProcess.env(postgres);
    env.put("MANAGEMENT_PORT", "0");
    try (ServiceProcess service = ServiceProcess.launch(env)) {
      URI main = service.baseUri();
      URI management = URI.create("http://127.0.0.1:" + managementPort(service));
      for (String path :
          new String[] {"/q/health", "/q/health/live", "/q/health/ready", "/q/health/started"}) {
        assertThat(get(management, path).status()).as(path).isEqualTo(200);
      }
      assertThat(get(management, "/q/metrics").status()).isEqualTo(200);
      assertThat(get(management, "/q/openapi").status()).isEqualTo(200);
      for (String path :
          new String[] {
            "/q",
            "/q/",
            "/q/health/live",
            "/q/metrics",
            "/q/openapi",
            "/%71/metrics",
            "/x/../q/metrics"
          }) {
        KeptAlive.Answer answer = get(main, path);
        assertThat(answer.status()).as(path).isEqualTo(404);
        assertThat(answer.head()).containsIgnoringCase("content-type: application/json");
      }
      assertThat(get(main, "/admin/integrations").status()).isEqualTo(200);
      assertThat(get(main, "/api/v1/tenant/connections").status()).isEqualTo(401);
      assertThat(get(management, "/admin/integrations").status()).isEqualTo(404);
      assertThat(get(management, "/api/v1/tenant/connections").status()).isEqualTo(404);
      assertThat(service.terminate()).isZero();
    }
  }

  private static KeptAlive.Answer get(URI replica, String path) throws IOException {
    try (KeptAlive connection = new KeptAlive(replica)) {
      return connection.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
  }

  private static int managementPort(ServiceProcess service) {
    Matcher port = Pattern.compile("description are on port (\\d+)").matcher(service.log());
    assertThat(port.find()).as(service.log()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  private static void awaitLockWait(ServiceProcess service) throws SQLException {
    for (int look = 0; look < 1_200; look++) {
      try (Connection other = postgres.getPostgresDatabase().getConnection();
          Statement statement = other.createStatement();
          ResultSet waiting =
              statement.executeQuery(
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = 'halfway' AND"
                      + " wait_event_type = 'Lock'")) {
        waiting.next();
        if (waiting.getInt(1) > 0) {
          return;
        }
      }
      pause(Duration.ofMillis(50));
      assertThat(service.isAlive()).as(service.log()).isTrue();
    }
    throw new AssertionError("it does not migrate:\n" + service.log());
  }

  private static int tables(String database) throws SQLException {
    try (Connection connection = postgres.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) {
      found.next();
      return found.getInt(1);
    }
  }
}
