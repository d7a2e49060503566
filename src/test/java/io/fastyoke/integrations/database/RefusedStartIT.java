package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must stop the service as it is shipped: one clear line, and an exit code that is not 0. */
class RefusedStartIT {
  private static final String KEY = ServiceClient.ENCRYPTION_KEY;
  private static final String OTHER_KEY = ServiceClient.randomKey();

  private static final String PLACEHOLDER = "ENCRYPTION_KEY holds a placeholder";

  private static EmbeddedPostgres postgres;
  private static boolean prepared;
  @TempDir static Path folder;

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    onlyGuestsHavePasswords();
    Files.writeString(folder.resolve("key"), KEY + "\n");
    Files.writeString(folder.resolve("short"), KEY.substring(1));
    Files.writeString(folder.resolve("retired"), OTHER_KEY + "\n" + KEY + "\n");
  }

  /** The server of the tests trusts everybody; a guest has to say the word. */
  private static void onlyGuestsHavePasswords() throws IOException {
    Path rules = fileOf("SHOW hba_file");
    String others = Files.readString(rules);
    Files.writeString(rules, "host all guest samehost scram-sha-256\n" + others);
    fileOf("SELECT pg_reload_conf()::text");
  }

  private static Path fileOf(String query) {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement sql = connection.createStatement();
        java.sql.ResultSet row = sql.executeQuery(query)) {
      row.next();
      return Path.of(row.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  private static Map<String, String> env(Map<String, String> more) {
    Map<String, String> env = new HashMap<>();
    env.put("DATABASE_URL", url("postgres"));
    env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
    env.putAll(more);
    return env;
  }

  private static String url(String user) {
    return url(user, postgres.getPort());
  }

  private static String url(String user, int port) {
    return "postgres://%s@localhost:%d/postgres?sslmode=disable".formatted(user, port);
  }

  private static Arguments of(String expected, String... env) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < env.length; i += 2) {
      settings.put(env[i], env[i + 1]);
    }
    return Arguments.of(expected, settings);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        of("ENCRYPTION_KEY is not set"),
        of("ENCRYPTION_KEY is malformed", "ENCRYPTION_KEY", KEY.substring(1)),
        of("ENCRYPTION_KEY is malformed", "ENCRYPTION_KEY", "g" + KEY.substring(1)),
        of(PLACEHOLDER, "ENCRYPTION_KEY", "0".repeat(64)),
        of(PLACEHOLDER, "ENCRYPTION_KEY", "a5".repeat(32)),
        of("hold the same key twice", "ENCRYPTION_KEY", KEY, "ENCRYPTION_KEYS_RETIRED", KEY),
        of(
            "ENCRYPTION_KEY and ENCRYPTION_KEY_FILE are both set",
            "ENCRYPTION_KEY",
            KEY,
            "ENCRYPTION_KEY_FILE",
            "key"),
        of("ENCRYPTION_KEY_FILE names a file that cannot be read", "ENCRYPTION_KEY_FILE", "none"),
        of("ENCRYPTION_KEY is malformed", "ENCRYPTION_KEY_FILE", "short"),
        of(
            "hold the same key twice",
            "ENCRYPTION_KEY_FILE",
            "key",
            "ENCRYPTION_KEYS_RETIRED_FILE",
            "retired"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyThatProtectsNothing(String expected, Map<String, String> settings) {
    Map<String, String> env = new HashMap<>(settings);
    env.replaceAll((name, file) -> name.endsWith("_FILE") ? folder.resolve(file) + "" : file);
    assertRefused(env(env), expected);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        of("RATE_LIMIT_PER_TENANT is negative", "RATE_LIMIT_PER_TENANT", "-1"),
        of("PORT is not a whole number", "PORT", "80a"),
        of("REQUEST_MAX_BYTES is not a size", "REQUEST_MAX_BYTES", "1 apple"),
        of("RUN_RETENTION_DAYS is not a whole number", "RUN_RETENTION_DAYS", "x"),
        of("EGRESS_ALLOW_CIDR is not a setting", "EGRESS_ALLOW_CIDR", "10.0.0.0/8"),
        of("CORS_ORIGINS takes origins", "CORS_ORIGINS", "*"),
        of("EGRESS_DENY_CIDRS takes ranges", "EGRESS_DENY_CIDRS", "10"),
        of("is in use by another process", "PORT", "" + postgres.getPort()),
        of("TWILIO_API_URL does not begin with http", "TWILIO_API_URL", "api.twilio.com"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSettingThatOpensOrMeansNothing(String expected, Map<String, String> settings) {
    Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
    env.putAll(settings);
    assertRefused(env, expected);
  }

  /** Before a migration, or anything else, has touched the database. */
  @Test
  void malformedSettingsComeBeforeTheDatabase() {
    Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
    env.put("DATABASE_URL", "postgres://nobody@localhost:1/none?sslmode=disable");
    for (Map.Entry<String, String> slip :
        Map.of("RUN_RETENTION_DAYS", "x", "EGRESS_DENY_CIDRS", "10").entrySet()) {
      Map<String, String> all = new HashMap<>(env);
      all.put(slip.getKey(), slip.getValue());
      assertRefused(all, slip.getKey());
    }
  }

  /** The rows of docs/operations.md that need no server of their own. */
  static Stream<Arguments> databases() {
    return Stream.of(
        of("DATABASE_URL cannot be used", "DATABASE_URL", "postgres://u:p/1@localhost/x"),
        of("refuses the password of user guest", "DATABASE_URL", "guest:wrong@localhost:PORT/app"),
        of("has no database none", "DATABASE_URL", "postgres@localhost:PORT/none"),
        of("There is no way to the database", "DATABASE_URL", "postgres@localhost:1/x"),
        of("There is no way to the database", "DATABASE_URL", "postgres@no-such-host.invalid/x"),
        of(
            "TLS with the database",
            "DATABASE_URL",
            "postgres@localhost:PORT/postgres?sslmode=require"),
        of("has no connection left", "DATABASE_URL", "busy@localhost:PORT/app?sslmode=disable"),
        of("lacks a right", "DATABASE_URL", "guest:right@localhost:PORT/app?sslmode=disable"),
        of("is not that of this version", "DATABASE_URL", "postgres@localhost:PORT/newer"),
        of("The database is read-only", "DATABASE_URL", "postgres@localhost:PORT/still"));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void aDatabaseThatCannotBeUsed(String expected, Map<String, String> settings)
      throws SQLException {
    prepareDatabases();
    String url = settings.get("DATABASE_URL").replace("PORT", String.valueOf(postgres.getPort()));
    Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY, "DATABASE_START_TIMEOUT", "1s"));
    env.put("DATABASE_URL", url.startsWith("postgres://") ? url : "postgres://" + url);
    assertRefused(env, expected);
    assertFoundByCheck(env, expected);
  }

  /** The command finds the same fault, and all the rest is as it should be. */
  private static void assertFoundByCheck(Map<String, String> env, String expected) {
    try (ServiceProcess check = ServiceProcess.launch(env, "check")) {
      assertThat(check.exitCode()).as(check.log()).isEqualTo(1);
      assertThat(check.logLines())
          .filteredOn(line -> !line.startsWith("ok "))
          .singleElement()
          .asString()
          .startsWith("FAILED  ")
          .contains(expected);
    }
  }

  private static void prepareDatabases() throws SQLException {
    if (!prepared) {
      sql("CREATE ROLE guest LOGIN PASSWORD 'right'");
      sql("CREATE ROLE busy LOGIN CONNECTION LIMIT 0");
      for (String name : List.of("app", "newer", "still")) {
        sql("CREATE DATABASE " + name);
      }
      sql("ALTER DATABASE still SET default_transaction_read_only = on");
      Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
      env.put("DATABASE_URL", url("postgres").replace("/postgres?", "/newer?"));
      ServiceProcess.start(env).close();
      try (Connection newer = postgres.getDatabase("postgres", "newer").getConnection();
          Statement sql = newer.createStatement()) {
        sql.execute(
            "INSERT INTO flyway_schema_history SELECT installed_rank + 1000, '999', 'later', type,"
                + " 'V999__later.sql', 1, installed_by, now(), 1, true FROM flyway_schema_history"
                + " ORDER BY installed_rank DESC LIMIT 1");
      }
      prepared = true;
    }
  }

  /** A database that is there a moment later is waited for, and the wait can be ended. */
  @Test
  void aDatabaseThatIsNotUpYetIsWaitedForInOneLine() throws Exception {
    Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY, "DATABASE_START_TIMEOUT", "1h"));
    env.put("DATABASE_URL", url("postgres", 1));
    try (ServiceProcess service = ServiceProcess.launch(env)) {
      eventually("it says that it waits", () -> service.log().contains("Waiting up to 3600 s"));
      assertThat(service.logLines()).filteredOn(line -> line.startsWith("Waiting")).hasSize(1);
      service.terminate();
    }
  }

  /**
   * The profile can be named by anyone, also for what is in production. And what can be refused
   * without the database leaves it as it was.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "test"})
  void publicSecretsUnderAnotherProfile(String profile) throws SQLException {
    sql("CREATE DATABASE untouched_by_" + profile);
    Map<String, String> env = env(Map.of("QUARKUS_PROFILE", profile));
    env.put(
        "DATABASE_URL",
        env.get("DATABASE_URL").replace("/postgres?", "/untouched_by_" + profile + "?"));
    assertRefused(env, "ENCRYPTION_KEY is not set");
    env.put("ENCRYPTION_KEY", KEY);
    env.remove("JWT_SECRET");
    assertRefused(env, "Set JWT_SECRET");
    try (Connection database =
            postgres.getDatabase("postgres", "untouched_by_" + profile).getConnection();
        java.sql.ResultSet tables =
            database.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
      assertThat(tables.next()).as("a table was made").isFalse();
    }
  }

  @Test
  void aRoleThatWalksAroundTheWall() throws SQLException {
    Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
    try (ServiceProcess first = ServiceProcess.start(env)) {
      assertThat(first.log())
          .contains("The login postgres of DATABASE_URL may do more than its roles");
      first.kill();
    }
    for (String role : List.of("fastyoke_integrations_api", "fastyoke_integrations_engine")) {
      for (String power : List.of("BYPASSRLS", "SUPERUSER")) {
        sql("ALTER ROLE %s %s".formatted(role, power));
        assertRefused(env, "Role " + role + " bypasses row-level security");
        sql("ALTER ROLE %s NO%s".formatted(role, power));
      }
    }
    sql("ALTER TABLE connections OWNER TO fastyoke_integrations_api");
    assertRefused(env, "Role fastyoke_integrations_api owns tables of tenants");
    sql("ALTER TABLE connections OWNER TO postgres");
    sql("GRANT postgres TO fastyoke_integrations_engine");
    assertRefused(env, "Role fastyoke_integrations_engine owns tables of tenants");
    sql("REVOKE postgres FROM fastyoke_integrations_engine");
    sql("GRANT fastyoke_integrations_engine TO fastyoke_integrations_api");
    assertRefused(env, "shows fastyoke_integrations_api the rows of all tenants");
    sql("REVOKE fastyoke_integrations_engine FROM fastyoke_integrations_api");
    ServiceProcess.start(env).close();
  }

  @Test
  void aPoolerThatDropsTheRole() throws IOException {
    try (RoleDropper pooler = new RoleDropper(postgres.getPort())) {
      Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
      env.put("DATABASE_URL", url("postgres", pooler.port()));
      assertRefused(env, "work as role postgres instead of fastyoke_integrations_api");
    }
  }

  @Test
  void aPoolerThatLetsNoTransactionThrough() throws Exception {
    sql("CREATE ROLE app LOGIN");
    try (PgBouncer pooler = new PgBouncer(postgres.getPort(), "statement")) {
      Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
      env.put("DATABASE_URL", pooler.url("app", "postgres"));
      assertRefused(env, "The pooler in front of the database cannot be used (08P01");
    }
  }

  @Test
  void aFullDisk(@TempDir Path disk) {
    FillableDisk small = FillableDisk.mount(disk);
    assumeTrue(small != null, "only root may mount a disk that is small enough to fill");
    try (small) {
      sql("CREATE TABLESPACE small LOCATION '%s'".formatted(disk));
      sql("CREATE DATABASE small TABLESPACE small");
      Map<String, String> env = env(Map.of("ENCRYPTION_KEY", KEY));
      env.put("DATABASE_URL", env.get("DATABASE_URL").replace("/postgres?", "/small?"));
      small.fill();
      assertRefused(env, "The database's disk is full (53100");
      assertFoundByCheck(env, "The database's disk is full (53100");
      small.makeRoom();
      ServiceProcess.start(env).close();
      sql("DROP DATABASE small");
      sql("DROP TABLESPACE small");
    }
  }

  private static void assertRefused(Map<String, String> env, String expected) {
    try (ServiceProcess service = ServiceProcess.launch(env)) {
      assertThat(service.exitCode()).as(service.log()).isEqualTo(1);
      assertThat(service.logLines().stream().filter(line -> line.contains(expected)))
          .as(service.log())
          .hasSize(1);
      assertThat(service.log()).doesNotContain("\tat ", "Listening on", KEY.substring(1, 40));
      assertThat(service.logLines().stream().filter(line -> line.contains(" ERROR ")))
          .as(service.log())
          .isEmpty();
      assertThat(service.logLines().stream().filter(line -> line.startsWith("Cannot start: ")))
          .as(service.log())
          .hasSize(1);
    }
  }

  private static void sql(String statement) {
    Sql.of(postgres).execute(statement);
  }
}
