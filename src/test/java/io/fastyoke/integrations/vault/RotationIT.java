package io.fastyoke.integrations.vault;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.FreshPostgres;
import io.fastyoke.integrations.support.Sql;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The walk-through "Rotate the key" of docs/operations.md, on two replicas with traffic, under
 * {@code kill -9}.
 */
class RotationIT {
  private static final String OLD = ServiceClient.randomKey();
  private static final String NEW = ServiceClient.randomKey();
  private static final int CONNECTIONS = 10_000;
  private static final int KILLS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @RegisterExtension static final FreshPostgres DATABASE = new FreshPostgres();

  private static ServiceProcess replica(String active, String retired) {
    Map<String, String> env = ServiceProcess.env(DATABASE.server());
    env.put("ENCRYPTION_KEY", active);
    env.put("ENCRYPTION_KEYS_RETIRED", retired);
    env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    env.put("EGRESS_ALLOW_HTTP", "true");
    return ServiceProcess.start(env);
  }

  @Test
  void theWalkThroughHoldsUnderTrafficAndKills() throws Exception {
    try (Tenants tenants = new Tenants()) {
      tenants.use(0, replica(OLD, ""));
      tenants.use(1, replica(OLD, ""));
      tenants.create(CONNECTIONS);
      String oldId = keys(tenants).get("active").asText();
      tenants.beginTraffic();

      // Step 1: every replica can open what the new key seals.
      for (int i = 0; i < 2; i++) {
        tenants.kill(i);
        tenants.use(i, replica(OLD, NEW));
      }
      assertThat(keys(tenants).get("keys")).hasSize(2);

      // Step 2: every replica seals under the new key. Killed again and again while it re-seals.
      for (int kill = 0; kill < KILLS; kill++) {
        tenants.kill(0);
        ServiceProcess resealing = replica(NEW, OLD);
        tenants.use(0, resealing);
        eventually(
            "progress", LIMIT, () -> resealing.log().contains("re-sealing: 1000 connections"));
      }
      tenants.kill(0);
      assertThat(under(oldId)).as("left when it was killed").isPositive();
      for (int i = 0; i < 2; i++) {
        if (i > 0) {
          tenants.kill(i);
        }
        tenants.use(i, replica(NEW, OLD));
      }

      // Step 3: nothing is left under the old key, and everybody says so.
      eventually("nothing under the old key", LIMIT, () -> under(oldId) == 0);
      for (int i = 0; i < 2; i++) {
        int at = i;
        eventually(
            "done",
            LIMIT,
            () -> keys(tenants.replica(at).baseUri()).at("/reseal/state").asText().equals("done"));
        assertThat(keys(tenants.replica(i).baseUri()).at("/reseal/remaining").asLong()).isZero();
        assertThat(get(tenants.replica(i).baseUri().resolve("/q/metrics")))
            .contains("fastyoke_connections_retired_key 0.0")
            .contains("fastyoke_connections_unknown_key 0.0");
        assertThat(tenants.replica(i).log()).contains("re-sealing: done");
      }

      // Step 4: the old key goes.
      for (int i = 0; i < 2; i++) {
        tenants.kill(i);
        tenants.use(i, replica(NEW, ""));
      }
      tenants.endTraffic();
      tenants.everyConnectionFiresWithItsLastSecret();
      assertThat(unreadableAttempts()).isZero();
    }
  }

  private static JsonNode keys(Tenants tenants) {
    return keys(tenants.replica(0).baseUri());
  }

  private static JsonNode keys(URI replica) {
    return ServiceClient.platform().send(replica, "GET", "/api/v1/super/keys", null).json();
  }

  private static long under(String key) {
    return number("SELECT count(*) FROM connections WHERE key_id = '" + key + "'");
  }

  private static long unreadableAttempts() {
    return number(
        "SELECT (SELECT count(*) FROM event_log WHERE error_code = 'credential_unreadable')"
            + " + (SELECT count(*) FROM action_runs WHERE actions LIKE '%credential_unreadable%')");
  }

  private static long number(String query) {
    return Sql.of(DATABASE.server()).number(query);
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
