package io.fastyoke.integrations.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Stops the start if row-level security would not keep tenants apart: if a pool does not run under
 * its own role (a proxy may drop the setting), or its role bypasses row-level security. Logs if the
 * service works without the two roles. Warns of a login with more rights than its roles, because an
 * injected statement could switch back to it.
 */
@ApplicationScoped
class RoleCheck {
  private static final Logger LOG = Logger.getLogger(RoleCheck.class);

  /** After the migrations, because it reads the schema. */
  private static final int AFTER_MIGRATIONS = 5;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String REQUIRE = "require";

  private final Pool tenants;
  private final Pool engine;
  private final AccessProbe probe;
  private final String mode;

  RoleCheck(
      Pool tenants,
      @ReactiveDataSource("engine") Pool engine,
      AccessProbe probe,
      MeterRegistry registry,
      @ConfigProperty(name = "fastyoke.database.roles") String mode) {
    this.tenants = tenants;
    this.engine = engine;
    this.probe = probe;
    this.mode = mode;
    Gauge.builder("fastyoke.database.roles", () -> probe.access().roles() ? 1 : 0)
        .description("1 when the service works under its two roles, 0 when under its login alone")
        .register(registry);
    Gauge.builder("fastyoke.database.pooled", () -> probe.access().pooled() ? 1 : 0)
        .description("1 when a pooler is between the service and PostgreSQL")
        .register(registry);
  }

  /** On the main thread, before anything is served. */
  void atStart(@Observes @Priority(AFTER_MIGRATIONS) StartupEvent start) {
    tenants.query("SELECT 1").execute().await().atMost(TIMEOUT);
    Access access = probe.access();
    if (access.pooled()) {
      LOG.infof(
          "The database is reached %s: each transaction sets its role, and work of other"
              + " replicas is found by polling every 250 ms.",
          access.pooling().words);
    }
    if (access.roles()) {
      checkRoles(access);
    } else {
      checkLogin(access);
    }
  }

  private void checkRoles(Access access) {
    RoleFacts found = rights(tenants, access.beginTenant(""));
    RoleRules.checkRoles(found, rights(engine, access.beginEngine()));
    if (found.powerful() && !Database.isEmbedded()) {
      LOG.warn(RoleRules.overPrivileged(found.login()));
    }
  }

  private void checkLogin(Access access) {
    if (mode.equals(REQUIRE)) {
      throw RoleRules.required(access.login());
    }
    RoleRules.checkLogin(rights(tenants, access.beginTenant("")));
    LOG.infof(
        "The database has no roles for the service: it works as its login %s, under forced"
            + " row-level security. DATABASE_ROLES=require refuses that.",
        access.login());
  }

  /** In a transaction with the usual settings. */
  private static RoleFacts rights(Pool pool, String begin) {
    Row row =
        Transactions.run(pool, begin, connection -> connection.query(RoleFacts.RIGHTS).execute())
            .await()
            .atMost(TIMEOUT)
            .iterator()
            .next();
    return RoleFacts.of(row::getValue);
  }
}
