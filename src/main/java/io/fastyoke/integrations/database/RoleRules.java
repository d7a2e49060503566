package io.fastyoke.integrations.database;

import io.quarkus.runtime.configuration.ConfigurationException;

/** Judges whether tenants are kept apart; a refusal is one line that says what to do. */
final class RoleRules {
  private RoleRules() {}

  /**
   * Both roles are there and the login may take them on.
   *
   * @throws ConfigurationException when one of them would not keep tenants apart
   */
  static void checkRoles(RoleFacts tenants, RoleFacts engine) {
    checkRole(tenants, Access.Side.TENANTS.role);
    checkPolicies(tenants);
    checkRole(engine, Access.Side.ENGINE.role);
  }

  /**
   * There are no roles, and the service works as its login.
   *
   * @throws ConfigurationException when that would not keep tenants apart
   */
  static void checkLogin(RoleFacts found) {
    if (found.bypasses()) {
      throw bypasses(found.name());
    }
    if (!found.owns()) {
      throw new ConfigurationException(
          "The login %s neither owns the tables nor may work under the roles %s and %s: GRANT them to it, see docs/operations.md."
              .formatted(found.name(), Access.Side.TENANTS.role, Access.Side.ENGINE.role));
    }
    if (!found.forced()) {
      throw new ConfigurationException(
          "Row-level security is not forced on all tables of tenants, so they would not be kept apart: ALTER TABLE … FORCE ROW LEVEL SECURITY.");
    }
    checkPolicies(found);
  }

  /** The roles are demanded, and cannot be used. */
  static ConfigurationException required(String login) {
    return new ConfigurationException(
        "DATABASE_ROLES=require, and the login %s may not work under the roles %s and %s: an administrator has to create and grant them, see docs/operations.md."
            .formatted(login, Access.Side.TENANTS.role, Access.Side.ENGINE.role));
  }

  /** A warning: an injected statement could go back to the login. */
  static String overPrivileged(String login) {
    return "The login %s of DATABASE_URL may do more than its roles (it is a superuser or owns tables): give migrations a login of their own, see docs/operations.md."
        .formatted(login);
  }

  private static void checkPolicies(RoleFacts found) {
    String grantee = found.grantee();
    if (grantee != null) {
      throw new ConfigurationException(
          "The policy %s of %s shows %s the rows of all tenants: %s, see docs/operations.md."
              .formatted(
                  found.policy(),
                  found.table(),
                  found.name(),
                  grantee.equals("PUBLIC") || grantee.equals(found.name())
                      ? "DROP POLICY %s ON %s".formatted(found.policy(), found.table())
                      : "REVOKE %s FROM %s".formatted(grantee, found.name())));
    }
  }

  private static void checkRole(RoleFacts found, String expected) {
    String name = found.name();
    if (!name.equals(expected)) {
      throw new ConfigurationException(
          "The database lets the service work as role %s instead of %s, so tenants would not be kept apart: connect to PostgreSQL directly, or through a proxy that passes the startup parameter \"role\" on."
              .formatted(name, expected));
    }
    if (found.bypasses()) {
      throw bypasses(name);
    }
    if (found.owns()) {
      throw new ConfigurationException(
          "Role %s owns tables of tenants and could tear down the wall between them: give the tables and the membership in their owner to another role."
              .formatted(name));
    }
  }

  private static ConfigurationException bypasses(String name) {
    return new ConfigurationException(
        "Role %s bypasses row-level security, so tenants would not be kept apart: ALTER ROLE %s NOSUPERUSER NOBYPASSRLS."
            .formatted(name, name));
  }
}
