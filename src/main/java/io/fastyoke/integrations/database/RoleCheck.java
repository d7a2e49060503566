package io.fastyoke.integrations.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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

  /**
   * A policy that does not filter by tenant, but applies: to PUBLIC, or to a role whose rights this
   * role inherits. A role that inherits from the engine's sees the rows of all tenants.
   */
  private static final String OPEN_POLICY =
      """
      SELECT p.polname AS policy, c.relname AS of_table,
        COALESCE((SELECT g.rolname FROM pg_roles g WHERE g.oid = grantee.oid), 'PUBLIC') AS grantee
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, unnest(p.polroles) AS grantee(oid),
        LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) AS condition(text)
      WHERE p.polpermissive AND c.relnamespace = 'public'::regnamespace
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
        AND (grantee.oid = 0 OR pg_has_role(r.oid, grantee.oid, 'USAGE'))
        AND condition.text !~ 'current_tenant\\(\\)|fastyoke\\.engine'
      ORDER BY 1, 2 LIMIT 1\
      """;

  /** Row-level security applies to an owner only if it is forced, and an owner may disable it. */
  private static final String RIGHTS =
      """
      SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS bypasses,
        EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'tenant_id' AND pg_has_role(r.oid, c.relowner, 'USAGE')
          AND c.relnamespace = 'public'::regnamespace) AS owns,
        NOT EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS forced,
        gap.policy, gap.of_table, gap.grantee,
        l.rolname AS login, l.rolsuper OR l.rolbypassrls
          OR EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE a.attname = 'tenant_id' AND pg_has_role(l.oid, c.relowner, 'USAGE')
            AND c.relnamespace = 'public'::regnamespace) AS powerful
      FROM pg_roles l, pg_roles r LEFT JOIN LATERAL (%s) AS gap ON true
      WHERE r.rolname = current_user AND l.rolname = session_user
      """
          .formatted(OPEN_POLICY);

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
    if (!mode.equals(REQUIRE) && !mode.equals("auto")) {
      throw new ConfigurationException("DATABASE_ROLES takes auto or require.");
    }
    tenants.query("SELECT 1").execute().await().atMost(TIMEOUT);
    Access access = probe.access();
    if (access.pooled()) {
      LOG.info(
          "The database is behind a pooler: each transaction sets its role, and work of other"
              + " replicas is found by polling every 250 ms.");
    }
    if (access.roles()) {
      checkRoles(access);
    } else {
      checkLogin(access);
    }
  }

  private void checkRoles(Access access) {
    Row found = checkRole(rights(tenants, access.beginTenant("")), Access.Side.TENANTS.role);
    checkPolicies(found);
    checkRole(rights(engine, access.beginEngine()), Access.Side.ENGINE.role);
    if (found.getBoolean("powerful") && !Database.isEmbedded()) {
      LOG.warnf(
          "The login %s of DATABASE_URL may do more than its roles (it is a superuser or owns"
              + " tables): give migrations a login of their own, see docs/operations.md.",
          found.getString("login"));
    }
  }

  private void checkLogin(Access access) {
    if (mode.equals(REQUIRE)) {
      throw new ConfigurationException(
          "DATABASE_ROLES=require, and the login %s may not work under the roles %s and %s: an administrator has to create and grant them, see docs/operations.md."
              .formatted(access.login(), Access.Side.TENANTS.role, Access.Side.ENGINE.role));
    }
    Row found = rights(tenants, access.beginTenant(""));
    if (found.getBoolean("bypasses")) {
      throw bypasses(access.login());
    }
    if (!found.getBoolean("owns")) {
      throw new ConfigurationException(
          "The login %s neither owns the tables nor may work under the roles %s and %s: GRANT them to it, see docs/operations.md."
              .formatted(access.login(), Access.Side.TENANTS.role, Access.Side.ENGINE.role));
    }
    if (!found.getBoolean("forced")) {
      throw new ConfigurationException(
          "Row-level security is not forced on all tables of tenants, so they would not be kept apart: ALTER TABLE … FORCE ROW LEVEL SECURITY.");
    }
    checkPolicies(found);
    LOG.infof(
        "The database has no roles for the service: it works as its login %s, under forced"
            + " row-level security. DATABASE_ROLES=require refuses that.",
        access.login());
  }

  private static void checkPolicies(Row found) {
    String grantee = found.getString("grantee");
    if (grantee != null) {
      throw new ConfigurationException(
          "The policy %s of %s shows %s the rows of all tenants: %s, see docs/operations.md."
              .formatted(
                  found.getString("policy"),
                  found.getString("of_table"),
                  found.getString("name"),
                  grantee.equals("PUBLIC") || grantee.equals(found.getString("name"))
                      ? "DROP POLICY %s ON %s"
                          .formatted(found.getString("policy"), found.getString("of_table"))
                      : "REVOKE %s FROM %s".formatted(grantee, found.getString("name"))));
    }
  }

  /** In a transaction with the usual settings. */
  private static Row rights(Pool pool, String begin) {
    return Transactions.run(pool, begin, connection -> connection.query(RIGHTS).execute())
        .await()
        .atMost(TIMEOUT)
        .iterator()
        .next();
  }

  private static Row checkRole(Row found, String expected) {
    String name = found.getString("name");
    if (!name.equals(expected)) {
      throw new ConfigurationException(
          "The database lets the service work as role %s instead of %s, so tenants would not be kept apart: connect to PostgreSQL directly, or through a proxy that passes the startup parameter \"role\" on."
              .formatted(name, expected));
    }
    if (found.getBoolean("bypasses")) {
      throw bypasses(name);
    }
    if (found.getBoolean("owns")) {
      throw new ConfigurationException(
          "Role %s owns tables of tenants and could tear down the wall between them: give the tables and the membership in their owner to another role."
              .formatted(name));
    }
    return found;
  }

  private static ConfigurationException bypasses(String name) {
    return new ConfigurationException(
        "Role %s bypasses row-level security, so tenants would not be kept apart: ALTER ROLE %s NOSUPERUSER NOBYPASSRLS."
            .formatted(name, name));
  }
}
