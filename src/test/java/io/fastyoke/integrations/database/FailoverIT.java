package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A primary goes down and its standby is promoted, with streaming replication as people have it.
 * With {@code -Ddatabase.matrix=all} through a pooler in session mode, too.
 */
class FailoverIT {
  private static final String READY = "/q/health/ready";

  /** Generously more than the 10 s that are promised: the machine of the tests is a slow one. */
  static Stream<String> ways() {
    return "all".equals(System.getProperty("database.matrix"))
        ? Stream.of("directly", "transaction", "session")
        : Stream.of("directly", "transaction");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aStandbyIsPromoted(String way) throws Exception {
    try (Replicated servers = new Replicated();
        PgBouncer pooler =
            way.equals("directly") ? null : new PgBouncer(servers.primaryPort(), way)) {
      servers.sql("CREATE ROLE app LOGIN PASSWORD 'secret'");
      servers.sql("CREATE DATABASE app OWNER app");
      String url = pooler == null ? servers.url("app", "app") : pooler.url("app", "app");
      try (Tenant tenant = new Tenant();
          ServiceProcess service = ServiceProcess.start(LoginsIT.env(url))) {
        URI at = service.baseUri();
        String connection = tenant.connect(at);
        Set<String> accepted = new HashSet<>();
        for (int i = 0; i < 20; i++) {
          accepted.add(id(fire(tenant, at, connection)));
        }
        servers.stopPrimary();
        eventually("503", () -> fire(tenant, at, connection).status() == 503);
        eventually("not ready", () -> status(at) == 503);
        Answer refused = fire(tenant, at, connection);
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().toLowerCase(java.util.Locale.ROOT)).contains("retry-after");
        long stored = servers.runs();

        servers.promote();
        if (pooler != null) {
          pooler.moveTo(servers.standbyPort());
        }
        long there = System.nanoTime();
        assertThat(servers.runs()).isEqualTo(stored);
        Answer[] first = new Answer[1];
        eventually("202", () -> (first[0] = fire(tenant, at, connection)).status() == 202);
        long accepts = System.nanoTime();
        accepted.add(id(first[0]));
        eventually("ready", () -> status(at) == 200);
        System.out.printf(
            "[failover] %s: accepts after %d ms, ready after %d ms%n",
            way, (accepts - there) / 1_000_000, (System.nanoTime() - there) / 1_000_000);
        for (String run : accepted) {
          eventually(
              run,
              () ->
                  tenant
                      .get(at, Tenant.RUNS + "/" + run)
                      .at("/status")
                      .asText()
                      .equals("succeeded"));
        }
      }
    }
  }

  private static Answer fire(Tenant tenant, URI at, String connection) {
    return tenant.fire(at, connection, "job" + System.nanoTime(), "/x", "wait=0");
  }

  private static String id(Answer accepted) {
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    return accepted.json().get("id").asText();
  }

  private static int status(URI at) {
    return ServiceClient.platform().send(at, "GET", READY, null).status();
  }
}
