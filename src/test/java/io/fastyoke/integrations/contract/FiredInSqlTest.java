package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.support.Eventually;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fired in the engine's own transaction, by a login that may do nothing but call the function. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class FiredInSqlTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROLLBACKS =
      "SELECT xact_rollback::int FROM pg_stat_database WHERE datname = 'postgres'";
  private final Api api = Api.fresh();

  @BeforeAll
  static void engine() {
    TestPostgres.execute(
        "DO $$ BEGIN CREATE ROLE workflow LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            + "GRANT EXECUTE ON FUNCTION fastyoke_fire(text, text, json, json) TO workflow");
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + TestPostgres.server().getPort() + "/postgres",
        "workflow",
        "");
  }

  private static String fire(Connection at, String tenant, String key, String request)
      throws SQLException {
    try (PreparedStatement call = at.prepareStatement("SELECT fastyoke_fire(?, ?, ?::json)")) {
      call.setString(1, tenant);
      call.setString(2, key);
      call.setString(3, request);
      try (ResultSet id = call.executeQuery()) {
        assertThat(id.next()).isTrue();
        return id.getString(1);
      }
    }
  }

  private String fire(String key, String request) throws SQLException {
    try (Connection engine = connect()) {
      return fire(engine, api.tenant(), key, request);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private String request(String job, String connection) {
    return json(Api.run(job, List.of(Api.action(connection, "/fired"))));
  }

  @Test
  void itIsARunAtOnceAndEndsAsAnyOther() throws SQLException {
    String id = fire(key(), request("job-1", api.rest()));
    assertThat(api.as().get(Api.RUNS + "/" + id).statusCode()).isEqualTo(200);
    JsonPath run = api.finished(id);
    assertThat(run.getString("status")).isEqualTo("succeeded");
    assertThat(run.getString("job_id")).isEqualTo("job-1");
    assertThat(api.charged()).isEqualTo(1);
    assertThat(api.events("run_id=" + id)).hasSize(1);
    assertThat(api.events("run_id=" + id).get(0)).containsEntry("actor", "engine");
  }

  @Test
  void whatIsRolledBackIsNoRun() throws SQLException {
    String connection = api.rest();
    String kept;
    List<String> gone = new ArrayList<>();
    try (Connection engine = connect()) {
      engine.setAutoCommit(false);
      gone.add(fire(engine, api.tenant(), key(), request("a", connection)));
      engine.rollback();
      String key = key();
      Savepoint before = engine.setSavepoint();
      gone.add(fire(engine, api.tenant(), key, request("b", connection)));
      engine.rollback(before);
      kept = fire(engine, api.tenant(), key, request("c", connection));
      assertThat(fire(engine, api.tenant(), key, "[]")).isEqualTo(kept);
      engine.commit();
    }
    assertThat(api.finished(kept).getString("job_id")).isEqualTo("c");
    gone.forEach(id -> assertThat(api.as().get(Api.RUNS + "/" + id).statusCode()).isEqualTo(404));
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void theSameKeyIsTheSameRunWhicheverWayItCameFirst() throws SQLException {
    String connection = api.rest();
    String key = key();
    String id = fire(key, request("a", connection));
    Response posted =
        api.as().header("Idempotency-Key", key).body(request("a", connection)).post(Api.RUNS);
    assertThat(posted.jsonPath().getString("id")).isEqualTo(id);
    assertThat(posted.header("Idempotent-Replayed")).isEqualTo("true");
    api.as()
        .header("Idempotency-Key", key)
        .body(request("b", connection))
        .post(Api.RUNS)
        .then()
        .statusCode(422);
    String other = key();
    String first =
        api.as()
            .header("Idempotency-Key", other)
            .body(request("a", connection))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    assertThat(fire(other, "{}")).isEqualTo(first);
    api.finished(first);
    api.finished(id);
    assertThat(api.charged()).isEqualTo(2);
  }

  /** The engine's transaction began before the POST and ends after it: there is one run. */
  @Test
  void aKeyThatWasPostedMeanwhileLeadsToThatRun() throws SQLException {
    String connection = api.rest();
    String key = key();
    String id;
    String posted;
    try (Connection engine = connect()) {
      engine.setAutoCommit(false);
      id = fire(engine, api.tenant(), key, request("a", connection));
      posted =
          api.as()
              .header("Idempotency-Key", key)
              .body(request("a", connection))
              .post(Api.RUNS)
              .jsonPath()
              .getString("id");
      engine.commit();
    }
    Eventually.eventually(
        "the id leads to the run",
        () -> posted.equals(api.as().get(Api.RUNS + "/" + id).jsonPath().getString("id")));
    api.finished(posted);
    assertThat(api.charged()).isEqualTo(1);
  }

  /** Whoever comes second waits for the first, sees what became of it, and never fails. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void twoTransactionsWithOneKeyAreOneRun(int isolation) throws Exception {
    String connection = api.rest();
    String key = key();
    String request = request("a", connection);
    String posted;
    try (Connection one = connect();
        Connection two = connect()) {
      for (Connection engine : List.of(one, two)) {
        engine.setTransactionIsolation(isolation);
        engine.setAutoCommit(false);
        engine.createStatement().execute("SELECT 1");
      }
      String first = fire(one, api.tenant(), key, request);
      CompletableFuture<String> second =
          CompletableFuture.supplyAsync(
              () -> unchecked(() -> fire(two, api.tenant(), key, request)));
      one.commit();
      String other = second.get();
      two.commit();
      posted = api.finished(first).getString("id");
      Eventually.eventually(
          "both ids lead to one run",
          () -> posted.equals(api.as().get(Api.RUNS + "/" + other).jsonPath().getString("id")));
    }
    assertThat(api.charged()).isEqualTo(1);
    assertThat(api.events("job_id=a")).hasSize(1);
  }

  /** The first is rolled back: what waited for it is the run. */
  @Test
  void aKeyThatWasRolledBackIsFree() throws Exception {
    String connection = api.rest();
    String key = key();
    try (Connection one = connect();
        Connection two = connect()) {
      one.setAutoCommit(false);
      String gone = fire(one, api.tenant(), key, request("a", connection));
      CompletableFuture<String> second =
          CompletableFuture.supplyAsync(
              () -> unchecked(() -> fire(two, api.tenant(), key, request("b", connection))));
      one.rollback();
      String kept = second.get();
      assertThat(kept).isNotEqualTo(gone);
      assertThat(api.finished(kept).getString("job_id")).isEqualTo("b");
    }
    assertThat(api.charged()).isEqualTo(1);
  }

  private static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tenTransitionsOfOneJobFireInTheOrderOfTheirCommits() throws SQLException {
    String connection = api.rest();
    List<Connection> engines = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Connection engine = connect();
      engine.setAutoCommit(false);
      engines.add(engine);
      ids.add(fire(engine, api.tenant(), key(), request("job", connection)));
      order.add(i);
    }
    Collections.shuffle(order, new Random(21));
    for (int i : order) {
      engines.get(i).commit();
      engines.get(i).close();
    }
    List<String> expected = order.stream().map(ids::get).toList();
    expected.forEach(api::finished);
    List<String> fired = new ArrayList<>();
    for (Map<String, Object> event : api.events("job_id=job&limit=100")) {
      fired.add(0, (String) event.get("run_id"));
    }
    assertThat(fired).isEqualTo(expected);
  }

  @Test
  void whatPostWouldRefuseIsAFailedRunInTheLog() throws SQLException {
    String connection = api.rest();
    Map<String, String> refused =
        Map.of(
            "null", "A JSON body is required.",
            "[1]", "body: must be an object",
            "{}", "actions: must be a list of at least one action",
            "{\"tenant_id\":\"another\",\"actions\":[]}", "tenant_id: is not the tenant",
            "{\"job\":{\"id\":\"\\u0000\"},\"actions\":[]}", "job.id: must not contain NUL");
    for (Map.Entry<String, String> each : refused.entrySet()) {
      JsonPath run = api.finished(fire(key(), each.getKey()));
      assertThat(run.getString("status")).isEqualTo("failed");
      assertThat(run.getString("actions[0].error.code")).isEqualTo("invalid_request");
      assertThat(run.getString("actions[0].error.message")).contains(each.getValue());
      assertThat(api.events("run_id=" + run.getString("id"))).hasSize(1);
    }
    for (String key : List.of("", " ", "k".repeat(256), "k".repeat(1_000_000), "\u00e4")) {
      JsonPath run = api.finished(fire(key, request("a", connection)));
      assertThat(run.getString("actions[0].error.code")).isEqualTo("invalid_request");
    }
    String large = "{\"context\":{\"a\":\"" + "x".repeat(1024 * 1024) + "\"}}";
    JsonPath run = api.finished(fire(key(), large));
    assertThat(run.getString("actions[0].error.code")).isEqualTo("payload_too_large");
    api.as().post(Api.RUNS + "/" + run.getString("id") + "/replay").then().statusCode(409);
    assertThat(api.charged()).isZero();
    try (Connection engine = connect()) {
      assertThat(fire(engine, null, key(), "{}")).isNull();
      assertThat(fire(engine, "no tenant", key(), "{}")).isNull();
      assertThat(fire(engine, api.tenant(), null, null)).isNotNull();
    }
  }

  /** Takes longer than it takes to find out which of many requests cannot be stored. */
  @Test
  void whatWaitsWhileTheServerIsReadOnlyIsNotToBlame() throws SQLException {
    String connection = api.rest();
    String id;
    try (Connection engine = connect()) {
      engine.setAutoCommit(false);
      id = fire(engine, api.tenant(), key(), request("a", connection));
      readOnly("on");
      try {
        int before = TestPostgres.number(ROLLBACKS);
        engine.commit();
        Eventually.eventually(
            "it was tried again and again", () -> TestPostgres.number(ROLLBACKS) >= before + 6);
      } finally {
        readOnly("off");
      }
    }
    Eventually.eventually(
        "it is sent after all",
        () -> {
          Response run = api.as().get(Api.RUNS + "/" + id);
          return run.statusCode() == 200
              && List.of("succeeded", "failed").contains(run.jsonPath().getString("status"));
        });
    assertThat(api.finished(id).getString("status")).isEqualTo("succeeded");
    assertThat(api.charged()).isEqualTo(1);
  }

  private static void readOnly(String mode) {
    TestPostgres.execute("ALTER SYSTEM SET default_transaction_read_only = " + mode);
    TestPostgres.execute("SELECT pg_reload_conf()");
  }

  @Test
  void theLoginMayDoNothingElse() throws SQLException {
    try (Connection engine = connect();
        Statement sql = engine.createStatement()) {
      for (String table :
          List.of("fired_requests", "fired_order", "action_runs", "connections", "event_log")) {
        assertThatThrownBy(() -> sql.execute("SELECT * FROM " + table))
            .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> sql.execute("DELETE FROM " + table))
            .hasMessageContaining("permission denied");
      }
      sql.execute("SET search_path = pg_temp, pg_catalog, public");
      sql.execute("CREATE TEMP TABLE fired_requests (run_id uuid)");
      sql.execute("CREATE TEMP TABLE action_runs (id uuid, tenant_id text, idempotency_key text)");
      sql.execute(
          "CREATE FUNCTION pg_temp.octet_length(text) RETURNS int LANGUAGE plpgsql AS"
              + " $f$ BEGIN RAISE EXCEPTION 'shadowed'; END $f$");
      sql.execute("CREATE DOMAIN pg_temp.uuid AS pg_catalog.text");
      sql.execute("SET fastyoke.tenant = 'another'");
      sql.execute("SET fastyoke.engine = 'on'");
      String id = fire(engine, api.tenant(), key(), request("a", api.rest()));
      assertThat(api.finished(id).getString("status")).isEqualTo("succeeded");
      try (ResultSet left = sql.executeQuery("SHOW fastyoke.tenant")) {
        assertThat(left.next()).isTrue();
        assertThat(left.getString(1)).isEqualTo("another");
      }
    }
  }
}
