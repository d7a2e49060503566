package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A key was removed too early: everybody can see it, and putting it back mends everything. */
class MissingKeyIT {
  private static final String OLD = ServiceClient.randomKey();
  private static final String NEW = ServiceClient.randomKey();
  private static final String CONNECTIONS = "/api/v1/tenant/connections";

  private final ServiceClient tenant = ServiceClient.tenant("acme");

  @Test
  void whatCannotBeOpenedIsShownAndNeverOverwritten() throws IOException, SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      String id;
      try (ServiceProcess service = ServiceProcess.launch(env(postgres, OLD, ""))) {
        id = create(service.awaitReady());
      }
      String path = CONNECTIONS + "/" + id;
      String sealed = sealed(postgres);

      try (ServiceProcess service = ServiceProcess.launch(env(postgres, NEW, ""))) {
        service.awaitLive();
        Answer ready = ask(service, "GET", "/q/health/ready", null);
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body()).contains("unknown_key_");
        assertThat(status(service, path)).isEqualTo("unreadable");
        assertThat(fire(service, id).at("/actions/0/error/code").asText())
            .isEqualTo("credential_unreadable");
        assertThat(ask(service, "PATCH", path, Map.of("connection_name", "renamed")).status())
            .isEqualTo(200);
        JsonNode keys =
            ServiceClient.platform()
                .send(service.baseUri(), "POST", "/api/v1/super/keys/reseal", null)
                .json();
        assertThat(keys.get("keys").findValuesAsText("state"))
            .containsExactlyInAnyOrder("active", "unknown");
        assertThat(ask(service, "GET", "/q/metrics", null).body())
            .contains("fastyoke_connections_unknown_key 1.0");
      }
      assertThat(sealed(postgres)).isEqualTo(sealed);

      // With a network that has been closed since the address was saved: it is judged again.
      Map<String, String> closed = new HashMap<>(env(postgres, NEW, OLD));
      closed.keySet().removeIf(name -> name.startsWith("EGRESS_"));
      try (ServiceProcess service = ServiceProcess.start(closed)) {
        assertThat(status(service, path)).isEqualTo("active");
        assertThat(fire(service, id).at("/actions/0/error/code").asText())
            .isEqualTo("blocked_address");
        assertThat(ask(service, "GET", "/api/v1/tenant/usage", null).json()).isEmpty();
      }
    }
  }

  private String create(ServiceProcess service) {
    return tenant.connect(
        service.baseUri(),
        "generic_rest",
        "a",
        Map.of("base_url", "http://127.0.0.1:9", "auth_header", "Bearer x"),
        Map.of());
  }

  private String status(ServiceProcess service, String path) {
    return ask(service, "GET", path, null).json().get("status").asText();
  }

  private JsonNode fire(ServiceProcess service, String id) {
    Map<String, Object> action =
        Map.of(
            "action_type",
            "WEBHOOK",
            "payload_template",
            Map.of("connection_id", id, "path", "/x"));
    return ask(
            service,
            "POST",
            "/api/v1/tenant/action-runs",
            Map.of(
                "job",
                Map.of("id", "j"),
                "transition",
                Map.of("event_type", "start"),
                "actions",
                List.of(action)))
        .json();
  }

  private Answer ask(ServiceProcess service, String method, String path, Object body) {
    return tenant.send(service.baseUri(), method, path, body);
  }

  private static Map<String, String> env(EmbeddedPostgres postgres, String active, String retired) {
    return Map.of(
        "DATABASE_URL",
        "postgres://postgres@localhost:" + postgres.getPort() + "/postgres?sslmode=disable",
        "ENCRYPTION_KEY",
        active,
        "ENCRYPTION_KEYS_RETIRED",
        retired,
        "JWT_SECRET",
        ServiceClient.JWT_SECRET,
        "EGRESS_ALLOW_CIDRS",
        "127.0.0.0/8",
        "EGRESS_ALLOW_HTTP",
        "true");
  }

  private static String sealed(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT credentials, key_id FROM connections")) {
      rows.next();
      return HexFormat.of().formatHex(rows.getBytes(1)) + rows.getString(2);
    }
  }
}
