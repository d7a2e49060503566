package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Refuses to start when the wall between tenants would not hold: when a pool does not run under its
 * own role (a proxy in front of PostgreSQL may drop the setting), or that role may walk around
 * row-level security. Warns when the login itself could: an injected statement may go back to it.
 */
@ApplicationScoped
class RoleCheck {
  private static final Logger LOG = Logger.getLogger(RoleCheck.class);
  private static final int EARLY = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** An owner is held by the wall only because it is forced, and could switch that off. */
  private static final String LOOK =
      """
      SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS bypasses,
        EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'tenant_id' AND pg_has_role(r.oid, c.relowner, 'USAGE')
          AND c.relnamespace = 'public'::regnamespace) AS owns,
        l.rolname AS login, l.rolsuper OR l.rolbypassrls
          OR EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE a.attname = 'tenant_id' AND pg_has_role(l.oid, c.relowner, 'USAGE')
            AND c.relnamespace = 'public'::regnamespace) AS powerful
      FROM pg_roles r, pg_roles l WHERE r.rolname = current_user AND l.rolname = session_user
      """;

  private final Pool tenants;
  private final Pool engine;
  private final String tenantsRole;
  private final String engineRole;

  RoleCheck(
      Pool tenants,
      @ReactiveDataSource("engine") Pool engine,
      @ConfigProperty(name = "quarkus.datasource.reactive.additional-properties.role")
          String tenantsRole,
      @ConfigProperty(name = "quarkus.datasource.engine.reactive.additional-properties.role")
          String engineRole) {
    this.tenants = tenants;
    this.engine = engine;
    this.tenantsRole = tenantsRole;
    this.engineRole = engineRole;
  }

  /** On the main thread, before anything is served. */
  void atStart(@Observes @Priority(EARLY) StartupEvent start) {
    Row found = check(tenants, tenantsRole);
    check(engine, engineRole);
    if (found.getBoolean("powerful")) {
      LOG.warnf(
          "The login %s of DATABASE_URL may do more than its roles (it is a superuser or owns"
              + " tables): give migrations a login of their own, see docs/operations.md.",
          found.getString("login"));
    }
  }

  private static Row check(Pool pool, String expected) {
    Row found = pool.query(LOOK).execute().await().atMost(PATIENCE).iterator().next();
    String name = found.getString("name");
    if (!name.equals(expected)) {
      throw new ConfigurationException(
          "The database lets the service work as role %s instead of %s, so tenants would not be kept apart: connect to PostgreSQL directly, or through a proxy that passes the startup parameter \"role\" on."
              .formatted(name, expected));
    }
    if (found.getBoolean("bypasses")) {
      throw new ConfigurationException(
          "Role %s bypasses row-level security, so tenants would not be kept apart: ALTER ROLE %s NOSUPERUSER NOBYPASSRLS."
              .formatted(name, name));
    }
    if (found.getBoolean("owns")) {
      throw new ConfigurationException(
          "Role %s owns tables of tenants and could tear down the wall between them: give the tables and the membership in their owner to another role."
              .formatted(name));
    }
    return found;
  }
}
