package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while PostgreSQL answers both pools and is writable. Replaces the framework's check, which
 * waits for 20 s and blocks a thread for the pool of the migrations.
 */
@Readiness
@ApplicationScoped
public class DatabaseReadiness implements AsyncHealthCheck {
  /** Limit of a readiness check that queries the database; probes come every few seconds. */
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final String NAME = "Database";

  private final Pool tenants;
  private final Pool engine;
  private final AccessProbe probe;

  private final OpenConnections connections;

  DatabaseReadiness(
      Pool tenants,
      @ReactiveDataSource("engine") Pool engine,
      AccessProbe probe,
      OpenConnections connections) {
    this.probe = probe;
    this.tenants = tenants;
    this.engine = engine;
    this.connections = connections;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.join()
        .all(isWritable(tenants), isWritable(engine))
        .andFailFast()
        .ifNoItem()
        .after(TIMEOUT)
        .fail()
        .map(both -> response(!both.contains(false)))
        .onFailure()
        .recoverWithItem(() -> HealthCheckResponse.down(NAME));
  }

  private HealthCheckResponse response(boolean writable) {
    if (!writable) {
      connections.readOnly();
      return HealthCheckResponse.named(NAME).down().withData("problem", "read-only").build();
    }
    return HealthCheckResponse.named(NAME)
        .withData("works as", probe.access().roles() ? "roles" : "login")
        .withData("connected", probe.access().pooling().words)
        .up()
        .build();
  }

  private static Uni<Boolean> isWritable(Pool pool) {
    return pool.query("SHOW transaction_read_only")
        .execute()
        .map(rows -> rows.iterator().next().getString(0).equals("off"));
  }
}
