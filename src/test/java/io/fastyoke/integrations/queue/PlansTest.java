package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * None of the engine's statements reads a whole table, however full it is. Their plans are made
 * once and for all parameters ({@code force_generic_plan}), so what EXPLAIN shows here is what
 * runs.
 */
class PlansTest {
  private static final Pattern STATEMENT =
      Pattern.compile("(?s)\\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\\b.*");
  private static final Pattern LARGE_TABLE =
      Pattern.compile("\\b(action_runs|event_log|connections)\\b");

  /** A partition that is empty, such as that of next month, costs nothing. */
  private static final Pattern SCAN =
      Pattern.compile(
          "Seq Scan on (action_runs|event_log\\w*|connections)\\b[^(]*\\(cost=[\\d.]+\\.\\.\\d{3,}");

  /** By the primary key but not by an id, or of connections by anything else. */
  private static final Pattern WIDE_SCAN =
      Pattern.compile(
          "using (action_runs_pkey|(?!connections_pkey)connections\\w*) on .*\\n(?! *Index Cond: .*\\bid = )"
              + "|Seq Scan on (action_runs|connections)");

  /** Once an hour, and after a claim whose answer was lost. */
  private static final Set<String> SELDOM = Set.of("Retention.EXPIRE", "ReleaseClaims.RELEASE");

  /** Tenants read with these, under another role, and with plans for their parameters. */
  private static final Set<String> OF_TENANTS = Set.of("FindRuns", "FindReplayable", "Preview");

  private static final String PART_OF_ANOTHER = "WAITING";

  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().start();
    Flyway.configure()
        .dataSource(server.getPostgresDatabase())
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest(
      name =
          "{0} tenants, {1} finished, {2} due, {3} at gates, {4} behind others, {5} waiting for a retry")
  @CsvSource({
    "1,    80000, 20000, 20000, 5000, 20000",
    "1000, 80000, 20000, 20000, 5000, 20000",
    "1000, 80000, 0,     0,     0,    0",
    "1,    90000, 30000, 0,     0,    0",
    "1000, 1000,  0,     0,     0,    50000",
  })
  void noStatementOfTheEngineReadsAWholeTable(
      int tenants, int finished, int due, int gated, int behind, int retrying) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("TRUNCATE action_runs, event_log, connection_gates, connections");
      fill(statement, tenants);
      runs(
          statement, tenants, finished, "'succeeded', now() - i * interval '1 second', NULL, NULL");
      runs(statement, tenants, due, "'pending', NULL, now() - i * interval '1 millisecond', NULL");
      runs(statement, tenants, gated, "'pending', NULL, NULL, uuid_of(i % 50)");
      runs(statement, tenants, behind, "'pending', NULL, NULL, NULL");
      runs(statement, tenants, retrying, "'running', NULL, now() + interval '1 hour', NULL");
      statement.execute("ANALYZE");
      statement.execute("SET ROLE fastyoke_integrations_engine");
      statement.execute("SET plan_cache_mode = force_generic_plan");
      Map<String, String> scans = new TreeMap<>();
      for (Map.Entry<String, String> sql : statements().entrySet()) {
        String plan = plan(statement, sql.getValue());
        if (SCAN.matcher(plan).find()) {
          scans.put(sql.getKey(), plan);
        }
      }
      assertThat(scans).isEmpty();
    }
  }

  /**
   * A plan that was made when there was nothing stays while the tables grow, until somebody counts
   * them: even then a run is found by its id, and a connection by its own.
   */
  @Test
  void noPlanReliesOnTablesThatAreSmall() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("TRUNCATE action_runs, event_log, connection_gates, connections");
      asTheEngine(statement);
      Map<String, String> tooWide = new TreeMap<>();
      for (Map.Entry<String, String> sql : statements().entrySet()) {
        String plan = plan(statement, sql.getValue());
        if (!SELDOM.contains(sql.getKey()) && WIDE_SCAN.matcher(plan).find()) {
          tooWide.put(sql.getKey(), plan);
        }
      }
      assertThat(tooWide).isEmpty();
    }
  }

  /** As the pool of the engine does. */
  private static void asTheEngine(Statement statement) throws SQLException {
    statement.execute("SET ROLE fastyoke_integrations_engine");
    statement.execute("SET plan_cache_mode = force_generic_plan");
    statement.execute("SET enable_seqscan = off");
  }

  /** With a thousand connections; their ids are those of {@code uuid_of}. */
  private static void fill(Statement statement, int tenants) throws SQLException {
    statement.execute(
        "CREATE OR REPLACE FUNCTION uuid_of(n int) RETURNS uuid LANGUAGE sql IMMUTABLE"
            + " AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$");
    statement.execute(
        """
        INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, max_in_flight, created_at,
          updated_at, created_by)
        SELECT uuid_of(i), 'tenant-' || i %% %d, 'generic_rest', 'c' || i, repeat('x', 300)::bytea, 'k',
          CASE WHEN i < 50 THEN 4 END, now(), now(), 'me'
        FROM generate_series(0, 9999) i
        """
            .formatted(tenants));
    statement.execute(
        """
        INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider, event_type,
          outcome, attempt, occurred_at)
        SELECT ('%s' || lpad(to_hex(i), 16, '0'))::uuid, 'tenant-' || i %% %d, uuid_of(i), 'job-' || i, 0, uuid_of(i),
          uuid_of(i %% 10000), 'generic_rest', 'WEBHOOK', 'success', 1, now()
        FROM generate_series(1, 50000) i
        """
            .formatted(monthOf(statement), tenants));
  }

  /** The first 16 digits of an id of this moment. */
  private static String monthOf(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT left(replace(uuid_floor(now())::text, '-', ''), 16)")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void runs(Statement statement, int tenants, int count, String state)
      throws SQLException {
    statement.execute(
        """
        INSERT INTO action_runs (id, tenant_id, job_id, ordered, idempotency_key, request, actions, connection_ids, created_at,
          next_connection, status, finished_at, due_at, gate)
        SELECT gen_random_uuid(), 'tenant-' || i %% %1$d, 'job-' || i, true, gen_random_uuid()::text, repeat('r', 400),
          repeat('a', 300), ARRAY[uuid_of(i %% 10000)], now(), uuid_of(i %% 10000), %3$s
        FROM generate_series(1, %2$d) i
        """
            .formatted(tenants, count, state));
  }

  private static String plan(Statement statement, String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN) " + sql)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** All constants of the package that are statements on large tables. */
  private static Map<String, String> statements() throws Exception {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> classes = Files.list(folder())) {
      for (Path file : classes.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!OF_TENANTS.contains(name) && !name.endsWith("Test")) {
          add(all, Class.forName(PlansTest.class.getPackageName() + "." + name));
        }
      }
    }
    assertThat(all).containsKeys("ClaimRuns.CLAIM", "RecordOutcomes.RECORD", "Retention.EXPIRE");
    return all;
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(ClaimRuns.class.getResource("ClaimRuns.class").toURI()).getParent();
  }

  private static void add(Map<String, String> all, Class<?> owner) throws IllegalAccessException {
    for (Field field : owner.getDeclaredFields()) {
      if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        String sql = (String) field.get(null);
        if (STATEMENT.matcher(sql).matches()
            && LARGE_TABLE.matcher(sql).find()
            && !field.getName().equals(PART_OF_ANOTHER)) {
          all.put(owner.getSimpleName() + "." + field.getName(), complete(sql));
        }
      }
    }
  }

  /** The retention stands in its statement itself. */
  private static String complete(String sql) {
    return sql.contains("make_interval(days => %1$d)") ? sql.formatted(30, 1_000) : sql;
  }

  /** With parameters left in the text: the driver's own protocol would ask for their values. */
  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        server.getJdbcUrl("postgres", "postgres") + "&preferQueryMode=simple");
  }
}
