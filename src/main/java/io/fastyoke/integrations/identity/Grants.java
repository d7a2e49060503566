package io.fastyoke.integrations.identity;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The permissions of each role and scope. */
final class Grants {
  /** All permissions within a tenant, without those for operating the platform. */
  static final Set<String> ADMIN =
      Set.of(
          Permissions.CONNECTIONS_WRITE,
          Permissions.CONNECTIONS_READ,
          Permissions.NOTICES,
          Permissions.RUNS_EXECUTE,
          Permissions.RUNS_READ,
          Permissions.USAGE_READ);

  private static final Map<String, Set<String>> BY_ROLE =
      Map.of(
          "admin",
          ADMIN,
          "operator",
          Set.of(Permissions.CONNECTIONS_READ, Permissions.RUNS_EXECUTE, Permissions.RUNS_READ));

  // Firing does not include reading: a leaked engine token cannot list what a tenant has.
  private static final Map<String, Set<String>> BY_SCOPE =
      Map.of(
          "admin:*",
          ADMIN,
          "workflow:read",
          Set.of(Permissions.CONNECTIONS_READ, Permissions.RUNS_READ),
          "workflow:execute",
          Set.of(Permissions.RUNS_EXECUTE));

  private Grants() {}

  /**
   * The permissions of a role of a person.
   *
   * @throws RefusedTokenException when it is not a role of a tenant
   */
  static Set<String> ofRole(String role) {
    Set<String> granted = BY_ROLE.get(role);
    if (granted == null) {
      throw new RefusedTokenException("role is not a role of a tenant");
    }
    return granted;
  }

  /**
   * The permissions of a machine's scopes. Unknown scopes belong to other services and are ignored.
   */
  static Set<String> ofScopes(Collection<String> scopes) {
    Set<String> granted = new HashSet<>();
    scopes.forEach(scope -> granted.addAll(BY_SCOPE.getOrDefault(scope, Set.of())));
    return granted;
  }
}
