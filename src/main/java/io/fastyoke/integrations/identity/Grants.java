package io.fastyoke.integrations.identity;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which roles and scopes hold which permissions: the table of who may do what. */
final class Grants {
  /** Everything within a tenant; operating the platform is not part of it. */
  static final Set<String> ADMIN =
      Set.of(
          Permissions.CONNECTIONS_WRITE,
          Permissions.CONNECTIONS_READ,
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
   * What a person of the tenant may do.
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

  /** What a machine may do; unknown scopes, being other services' affair, give nothing. */
  static Set<String> ofScopes(Collection<String> scopes) {
    Set<String> granted = new HashSet<>();
    scopes.forEach(scope -> granted.addAll(BY_SCOPE.getOrDefault(scope, Set.of())));
    return granted;
  }
}
