package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A backup and its restore into a fresh cluster, as docs/operations.md says. On PostgreSQL 15: a
 * pg_dump that is older than its server refuses.
 */
class BackupIT {
  private static final int VERSION = 15;
  private static final String FAILED_ONCE =
      "SELECT attempt > 0 AND NOT in_flight FROM action_runs WHERE id = \'%s\'";

  private static final List<String> TABLES =
      List.of(
          "connections",
          "action_runs",
          "event_log",
          "utility_ledger",
          "connection_gates",
          "fired_requests",
          "fired_order");

  @TempDir Path folder;

  static Stream<Boolean> kinds() {
    return "all".equals(System.getProperty("database.matrix"))
        ? Stream.of(false, true)
        : Stream.of(true);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everythingIsInItAndNothingIsSentAgain(boolean roles) throws Exception {
    try (Tenant tenant = new Tenant();
        PostgresVersion old = postgres(roles);
        PostgresVersion fresh = postgres(roles)) {
      final String connection;
      final String busy;
      final String behind;
      try (ServiceProcess service = ServiceProcess.start(LoginsIT.env(old.url("app", "app")))) {
        URI at = service.baseUri();
        connection = tenant.connect(at);
        assertThat(tenant.fire(at, connection, "job", "/first").status()).isEqualTo(200);
        // It will be sent again within the hour, and the next one of the job waits for that.
        busy = id(tenant.fire(at, connection, "another", "/busy", "wait=0"));
        behind = id(tenant.fire(at, connection, "another", "/behind", "wait=0"));
        eventually(
            "an attempt has failed",
            () -> "t".equals(old.as("postgres", "app").first(FAILED_ONCE.formatted(busy))));
        dump(old);
      }
      restore(fresh);
      assertThat(rows(fresh)).isEqualTo(rows(old)).doesNotContain("event_log 0");
      fresh.as("app", "app").run(Documented.block("cancel"));
      try (ServiceProcess service = ServiceProcess.start(LoginsIT.env(fresh.url("app", "app")))) {
        URI at = service.baseUri();
        eventually(
            "busy is cancelled",
            () ->
                tenant
                    .get(at, Tenant.RUNS + "/" + busy)
                    .get("status")
                    .asText()
                    .equals("cancelled"));
        eventually(
            "behind is cancelled",
            () ->
                tenant
                    .get(at, Tenant.RUNS + "/" + behind)
                    .get("status")
                    .asText()
                    .equals("cancelled"));
        assertThat(tenant.fire(at, connection, "job", "/last").status()).isEqualTo(200);
      }
      assertThat(tenant.arrivals.stream().map(arrival -> arrival.split(" ")[0]))
          .containsExactly("/first", "/busy", "/last");
    }
  }

  private static PostgresVersion postgres(boolean roles) throws Exception {
    PostgresVersion postgres = new PostgresVersion(VERSION);
    postgres.as("postgres", "postgres").run(Documented.block("plain"));
    if (roles) {
      postgres.as("postgres", "postgres").run(Documented.block("roles"));
    }
    return postgres;
  }

  private void dump(PostgresVersion postgres) throws Exception {
    Documented.shell("backup", folder, Map.of("DATABASE_URL", postgres.url("app", "app")));
  }

  private void restore(PostgresVersion postgres) throws Exception {
    Documented.shell("restore", folder, Map.of("DATABASE_URL", postgres.url("app", "app")));
  }

  private static String id(io.fastyoke.integrations.process.ServiceClient.Answer accepted) {
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    return accepted.json().get("id").asText();
  }

  private static List<String> rows(PostgresVersion postgres) {
    return TABLES.stream()
        .map(t -> t + " " + postgres.as("postgres", "app").first("SELECT count(*) FROM " + t))
        .toList();
  }
}
