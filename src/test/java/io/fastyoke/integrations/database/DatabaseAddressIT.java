package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServicePackage;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as it is shipped, on the ways to PostgreSQL that a URL can name. */
class DatabaseAddressIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What is promised after the primary is there (operations.md). */
  private static final Duration PROMISED = Duration.ofSeconds(10);

  /** Generously more than is promised: the machine of the tests is a slow one. */
  private static final Duration LIMIT = PROMISED.multipliedBy(3);

  @TempDir static Path folder;

  /** Speaks TLS only, with a certificate for localhost; and on a Unix socket. */
  private static EmbeddedPostgres secure;

  private static Path roots;
  private static Path strangers;

  @BeforeAll
  static void start() throws IOException, InterruptedException, SQLException {
    roots = authority("ca");
    strangers = authority("other");
    certificate("ca", "server", "localhost");
    // The socket's path has to be short.
    Path sockets = Files.createTempDirectory(Path.of("/tmp"), "pg");
    secure =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", folder.resolve("server.crt").toString())
            .setServerConfig("ssl_key_file", folder.resolve("server.key").toString())
            .setServerConfig("unix_socket_directories", sockets.toString())
            .start();
    Path rules = Path.of(text(secure, "SHOW hba_file"));
    sql(secure, "CREATE ROLE bound SUPERUSER LOGIN PASSWORD 'secret'");
    Files.writeString(
        rules,
        "hostssl all bound all scram-sha-256\nhostssl all all all trust\nlocal all all trust\n");
    text(secure, "SELECT pg_reload_conf()::text");
  }

  @AfterAll
  static void stop() throws IOException {
    secure.close();
  }

  private static Path authority(String name) throws IOException, InterruptedException {
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=%1$s -keyout %1$s.key -out %1$s.crt"
            .formatted(name));
    return folder.resolve(name + ".crt");
  }

  private static void certificate(String authority, String name, String host)
      throws IOException, InterruptedException {
    run(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%2$s -keyout %1$s.key -out %1$s.csr"
            .formatted(name, host));
    Files.writeString(folder.resolve("names"), "subjectAltName=DNS:" + host + "\n");
    run(
        "openssl x509 -req -in %2$s.csr -CA %1$s.crt -CAkey %1$s.key -CAcreateserial -days 2 -extfile names -out %2$s.crt"
            .formatted(authority, name));
    Files.setPosixFilePermissions(
        folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-------"));
  }

  private static void run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command.split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(process.waitFor()).as(command).isZero();
  }

  private static Map<String, String> env(String url) {
    Map<String, String> env = new HashMap<>();
    env.put("DATABASE_URL", url);
    env.put("DATABASE_START_TIMEOUT", "1s");
    env.put("ENCRYPTION_KEY", ServiceClient.ENCRYPTION_KEY);
    env.put("JWT_SECRET", ServiceClient.JWT_SECRET + "\n");
    return env;
  }

  /** Both drivers are at work before the service is ready: JDBC migrates, and the pools answer. */
  @ParameterizedTest
  @CsvSource({
    "localhost, sslmode=require",
    "localhost, sslmode=prefer",
    "localhost, sslmode=allow",
    "127.0.0.1, sslmode=verify-ca&sslrootcert=ROOTS",
    "localhost, sslmode=verify-full&sslrootcert=ROOTS",
    "localhost, user=bound&password=secret&sslmode=require&channel_binding=require"
  })
  void tlsThatHolds(String host, String parameters) {
    ServiceProcess.start(env(url(host, parameters))).close();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, sslmode=verify-full&sslrootcert=ROOTS, TLS with the database",
    "localhost, sslmode=verify-ca&sslrootcert=STRANGERS, TLS with the database",
    "localhost, sslmode=require&sslrootcert=STRANGERS, TLS with the database",
    "localhost, sslrootcert=system, TLS with the database",
    "localhost, sslmode=require&channel_binding=require, channel_binding=require",
    "localhost, sslmode=disable, does not let user postgres in"
  })
  void tlsThatDoesNotHold(String host, String parameters, String line) {
    try (ServiceProcess service = ServiceProcess.launch(env(url(host, parameters)))) {
      assertThat(service.exitCode()).isEqualTo(1);
      assertThat(service.logLines())
          .as(service.log())
          .filteredOn(text -> text.startsWith("Cannot start: "))
          .singleElement()
          .asString()
          .contains(line);
      assertThat(service.log()).doesNotContain("\tat ");
    }
  }

  private static String url(String host, String parameters) {
    return "postgres://postgres@%s:%d/postgres?%s"
        .formatted(
            host,
            secure.getPort(),
            parameters
                .replace("ROOTS", roots.toString())
                .replace("STRANGERS", strangers.toString()));
  }

  @Test
  void aUnixSocket() throws IOException {
    String sockets = text(secure, "SHOW unix_socket_directories");
    String url =
        "postgres:///postgres?user=postgres&host=%s&port=%d&pgbouncer=true&schema=public"
            .formatted(sockets, secure.getPort());
    try (ServiceProcess service = ServiceProcess.start(env(url))) {
      assertThat(service.log()).contains("not known, and not used: pgbouncer, schema.");
      assertThat(statusOfWrite(service)).isEqualTo(202);
    }
  }

  /**
   * Nobody else logs in to it, so nobody is warned of its login; the native executable has none.
   */
  @Test
  void noAddressAtAll() {
    assumeThat(ServicePackage.isNative()).isFalse();
    Map<String, String> env = env("");
    env.put("EMBEDDED_DATA_DIR", folder.resolve("embedded").toString());
    try (ServiceProcess service = ServiceProcess.start(env)) {
      assertThat(service.logLines())
          .filteredOn(line -> line.contains("WARN"))
          .singleElement()
          .asString()
          .contains("starting an embedded PostgreSQL with its data in");
      service.terminate();
    }
  }

  /** Sessions that were opened meanwhile stay read-only until somebody closes them. */
  @Test
  void aDatabaseThatIsReadOnlyForAWhile() throws IOException, SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        ServiceProcess service = ServiceProcess.start(env(url(postgres)))) {
      assertThat(statusOfWrite(service)).isEqualTo(202);
      readOnly(postgres, true);
      eventually("503", LIMIT, () -> statusOfWrite(service) == 503);
      eventually("not ready", LIMIT, () -> status(service, "/q/health/ready") == 503);
      long stored = count(postgres);
      assertThat(statusOfWrite(service)).isEqualTo(503);
      assertThat(count(postgres)).isEqualTo(stored);
      sql(postgres, "ALTER DATABASE postgres RESET default_transaction_read_only");
      eventually("202", LIMIT, () -> statusOfWrite(service) == 202);
      eventually("ready", LIMIT, () -> status(service, "/q/health/ready") == 200);
      for (int i = 0; i < 20; i++) {
        assertThat(statusOfWrite(service)).isEqualTo(202);
      }
    }
  }

  /** The first host becomes read-only, and the second one is the primary now. */
  @Test
  void anotherHostTakesOver() throws IOException, SQLException {
    try (EmbeddedPostgres first = EmbeddedPostgres.builder().start();
        EmbeddedPostgres second = EmbeddedPostgres.builder().start()) {
      // The second one has the schema, as a standby has.
      ServiceProcess.start(env(url(second))).close();
      readOnly(second, true);
      String both =
          "postgres://postgres@localhost:%d,localhost:%d/postgres?target_session_attrs=read-write&sslmode=disable"
              .formatted(second.getPort(), first.getPort());
      try (ServiceProcess service = ServiceProcess.start(env(both))) {
        assertThat(statusOfWrite(service)).isEqualTo(202);
        readOnly(first, true);
        eventually("503", LIMIT, () -> statusOfWrite(service) == 503);
        readOnly(second, false);
        eventually("202", LIMIT, () -> statusOfWrite(service) == 202);
        assertThat(count(second)).isPositive();
        eventually("ready", LIMIT, () -> status(service, "/q/health/ready") == 200);
        readOnly(first, false);
        second.close();
        eventually("202 again", LIMIT, () -> statusOfWrite(service) == 202);
      }
    }
  }

  private static String url(EmbeddedPostgres postgres) {
    return "postgres://postgres@localhost:%d/postgres?sslmode=disable"
        .formatted(postgres.getPort());
  }

  private static void readOnly(EmbeddedPostgres postgres, boolean on) throws SQLException {
    sql(postgres, "ALTER DATABASE postgres SET default_transaction_read_only = " + on);
    sql(
        postgres,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            + " AND backend_type = 'client backend'");
  }

  private static void sql(EmbeddedPostgres postgres, String statement) throws SQLException {
    try (Connection connection = postgres.getTemplateDatabase().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static String text(EmbeddedPostgres postgres, String query) {
    return Sql.of(postgres).first(query);
  }

  private static long count(EmbeddedPostgres postgres) {
    return Sql.of(postgres).number("SELECT count(*) FROM action_runs");
  }

  private static int statusOfWrite(ServiceProcess service) {
    HttpRequest request =
        HttpRequest.newBuilder(service.baseUri().resolve("/api/v1/tenant/action-runs"))
            .timeout(Duration.ofSeconds(10))
            .header(
                "Authorization",
                "Bearer "
                    + Jwts.signedWith(
                        ServiceClient.JWT_SECRET,
                        Jwts.claims("\"tenant_id\":\"t\",\"role\":\"admin\"")))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"job": {"id": "j"}, "transition": {"event_type": "e"}, "actions": [{"action_type": "WEBHOOK",
                     "payload_template": {"connection_id": "01890a5d-ac96-774b-bcce-b302099a8057", "path": "/x"}}]}
                    """))
            .build();
    return send(request);
  }

  private static int status(ServiceProcess service, String path) {
    return send(
        HttpRequest.newBuilder(service.baseUri().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .build());
  }

  private static int send(HttpRequest request) {
    try {
      HttpResponse<Void> answer = HTTP.send(request, HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() == 503 && request.uri().getPath().startsWith("/api/")) {
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      }
      return answer.statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
