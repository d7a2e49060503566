package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConnectionsTest {
  private final Api api = Api.fresh();

  @Test
  void neverShowsACredential() {
    String id = api.rest();
    for (String path : List.of("", "/" + id)) {
      assertThat(api.as().get(Api.CONNECTIONS + path).asString())
          .contains(id)
          .doesNotContain(Api.SECRET, "base_url", "auth_header");
    }
    assertThat(api.events("connection_id=" + id).toString()).doesNotContain(Api.SECRET);
  }

  @Test
  void namesEveryWrongField() {
    api.create("twilio", Map.of("account_sid", "AC1", "authtoken", Api.SECRET))
        .then()
        .statusCode(400)
        .body("error", equalTo("validation_failed"))
        .body("details.fields.field", hasItem("credentials.account_sid"))
        .body("details.fields.field", hasItem("credentials.authtoken"));
    api.create("carrier_pigeon", Map.of()).then().body("error", equalTo("unknown_provider"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://metadata.internal",
        "https://[::1]",
        "https://2130706433",
        "https://localhost.localdomain.internal"
      })
  void refusesInsideAddresses(String url) {
    api.create("generic_rest", Map.of("base_url", url))
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("credentials.base_url"));
  }

  /** Neither code nor words tell what an address is, nor which names of the inside there are. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1",
        "https://8.8.8.8",
        "https://[::1]",
        "https://[fd00:ec2::254]/latest",
        "https://2130706433",
        "https://metadata.google.internal",
        "https://missing.internal",
        "https://worker",
        "https://printer.local:631"
      })
  void whatIsRefusedIsRefusedInTheSameWords(String url) {
    String words = "The host could not be found, or it is not allowed.";
    api.create("generic_rest", Map.of("base_url", url))
        .then()
        .statusCode(400)
        .body(
            equalTo(
                "{\"error\":\"blocked_address\",\"message\":\"credentials.base_url: "
                    + words
                    + "\",\"details\":{\"fields\":[{\"field\":\"credentials.base_url\",\"message\":\""
                    + words
                    + "\"}]}}"));
  }

  @Test
  void changesUnderAPrecondition() {
    String path = Api.CONNECTIONS + "/" + api.rest();
    String tag = api.as().get(path).header("ETag");
    api.as()
        .header("If-Match", tag)
        .body(Map.of("connection_name", "Renamed"))
        .patch(path)
        .then()
        .statusCode(200)
        .body("connection_name", equalTo("Renamed"));
    api.as()
        .header("If-Match", tag)
        .body(Map.of("connection_name", "Again"))
        .patch(path)
        .then()
        .statusCode(409)
        .body("error", equalTo("version_conflict"));
    String other = Api.CONNECTIONS + "/" + api.rest();
    api.as()
        .body(Map.of("connection_name", "rENAMED"))
        .patch(other)
        .then()
        .statusCode(409)
        .body("error", equalTo("connection_name_taken"));
    api.as().delete(path).then().statusCode(204);
    api.as().get(path).then().statusCode(404);
  }

  /** The re-sealer reads a row and writes it back; a new secret is saved in between. */
  @Test
  void theNoteOfTheKeyStaysTrueWhenARowIsSealedAgainDuringAChange() throws Exception {
    String id = api.rest();
    String note = "credentials = credentials, key_id = 'feedfacefeedface'";
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement sql = database.createStatement()) {
      database.setAutoCommit(false);
      sql.executeUpdate("UPDATE connections SET " + note + " WHERE id = '" + id + "'");
      CompletableFuture<Integer> change =
          CompletableFuture.supplyAsync(
              () ->
                  api.as()
                      .body(Map.of("credentials", Map.of("base_url", "https://example.com")))
                      .patch(Api.CONNECTIONS + "/" + id)
                      .statusCode());
      awaitSomeoneBehind(sql);
      database.commit();
      assertThat(change.get()).isEqualTo(200);
      try (ResultSet row =
          sql.executeQuery(
              "SELECT key_id, encode(substring(credentials FROM 2 FOR 8), 'hex')"
                  + (" FROM connections WHERE id = '" + id + "'"))) {
        row.next();
        assertThat(row.getString(1)).isEqualTo(row.getString(2));
      }
    }
  }

  private static void awaitSomeoneBehind(Statement sql) throws SQLException {
    boolean waits = false;
    while (!waits) {
      try (ResultSet rows =
          sql.executeQuery(
              "SELECT EXISTS (SELECT FROM pg_stat_activity"
                  + " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))")) {
        rows.next();
        waits = rows.getBoolean(1);
      }
    }
  }

  @Test
  void deletionsAtTheSameTimeDoNotMeet() {
    List<String> ids = Stream.generate(api::rest).limit(200).toList();
    assertThat(
            ids.parallelStream()
                .map(id -> api.as().delete(Api.CONNECTIONS + "/" + id).statusCode())
                .filter(status -> status != 204))
        .isEmpty();
  }

  @Test
  void pagesByLink() {
    api.rest();
    api.rest();
    String link = api.as().get(Api.CONNECTIONS + "?limit=1").header("Link");
    assertThat(link).contains("rel=\"next\"");
    String next = link.substring(1, link.indexOf('>'));
    assertThat(api.as().urlEncodingEnabled(false).get(next).jsonPath().getList("$")).hasSize(1);
  }

  @Test
  void testsWithoutSideEffects() {
    api.as()
        .post(Api.CONNECTIONS + "/" + api.rest() + "/test")
        .then()
        .statusCode(200)
        .body("outcome", equalTo("ok"));
    assertThat(api.events("event_type=CONNECTION_TEST")).hasSize(1);
  }

  @Test
  void anotherTenantsRowIsLikeNone() {
    Api stranger = Api.fresh();
    String connection = api.rest();
    String run = api.fire(Api.action(connection, "/x")).jsonPath().getString("id");
    for (String path :
        List.of(
            Api.CONNECTIONS + "/" + connection,
            Api.CONNECTIONS + "/" + connection + "/test",
            Api.RUNS + "/" + run,
            Api.RUNS + "/" + run + "/cancel",
            Api.RUNS + "/" + run + "/replay")) {
      String random = path.replaceAll("[0-9a-f-]{36}", UUID.randomUUID().toString());
      String method = path.matches(".*/(test|cancel|replay)") ? "POST" : "GET";
      var theirs = stranger.as().request(method, path);
      var nobodys = stranger.as().request(method, random);
      assertThat(theirs.statusCode()).isEqualTo(404).isEqualTo(nobodys.statusCode());
      assertThat(theirs.asString()).isEqualTo(nobodys.asString());
    }
    stranger
        .fire(Api.action(connection, "/x"))
        .then()
        .body("actions[0].error.code", equalTo("connection_not_found"));
    assertThat(
            stranger.as().get(Api.RUNS + "?connection_id=" + connection).jsonPath().getList("id"))
        .doesNotContain(run);
    stranger
        .as()
        .queryParam("tenant_id", api.tenant())
        .get(Api.CONNECTIONS)
        .then()
        .statusCode(403)
        .body("error", equalTo("tenant_mismatch"));
  }

  @Test
  void everyTenantTableIsWalledAndTheRecordsAreAppendOnly() throws SQLException {
    api.fire(Api.action(api.rest(), "/x"));
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement sql = database.createStatement()) {
      try (ResultSet open =
          sql.executeQuery(
              "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                  + " WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p')"
                  + " AND c.relnamespace = 'public'::regnamespace"
                  + " AND NOT (relrowsecurity AND relforcerowsecurity)")) {
        assertThat(open.next()).isFalse();
      }
      for (String table : List.of("event_log", "utility_ledger")) {
        for (String change :
            List.of("UPDATE %s SET tenant_id = 'x'", "DELETE FROM %s", "TRUNCATE %s")) {
          assertThatThrownBy(() -> sql.execute(change.formatted(table)))
              .hasMessageContaining("append-only");
        }
      }
    }
  }

  @Test
  void describesItselfAndItsHealth() {
    assertThat(given().get("/q/openapi").asString())
        .contains(
            "/api/v1/tenant/connections",
            "/api/v1/tenant/action-runs/preview",
            "/api/v1/tenant/event-log/summary",
            "/api/v1/tenant/usage",
            "/api/v1/super/keys");
    given().get("/q/health/ready").then().statusCode(200);
    assertThat(given().get("/q/metrics").asString()).contains("fastyoke_runs_accepted");
  }
}
