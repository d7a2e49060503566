package io.fastyoke.integrations.identity;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * The caller and permissions of a verified token.
 *
 * <p>A token with {@code ext_id} or {@code api_token_id} belongs to a machine (an extension or an
 * API client) and gets the permissions of its scopes only; a role in it is ignored. Any other token
 * gets those of its role, and its scopes are ignored; a token without a role, such as the engine's,
 * gets those of its scopes. A null claim counts as absent.
 *
 * @param caller null for platform operators, who have no tenant
 */
record Identity(String sub, @Nullable Caller caller, Set<String> permissions) {
  private static final String SUPER_ADMIN = "super_admin";
  private static final int MAX_TEXT = 320;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /**
   * Reads the claims for tenant, subject, role and scopes.
   *
   * @throws RefusedTokenException when they contradict each other or have another type
   */
  static Identity of(JwtClaims claims) {
    String sub = required(claims, "sub");
    if (isMachine(claims)) {
      return new Identity(sub, caller(claims, sub), Grants.ofScopes(scopes(claims)));
    }
    String role = required(claims, "role");
    if (role.equals(SUPER_ADMIN)) {
      return platform(claims, sub);
    }
    return new Identity(sub, caller(claims, sub), Grants.ofRole(role));
  }

  private static Identity platform(JwtClaims claims, String sub) {
    if (claims.getClaimValue("tenant_id") != null) {
      throw new RefusedTokenException("a super_admin has no tenant");
    }
    return new Identity(sub, null, Set.of(Permissions.PLATFORM));
  }

  private static boolean isMachine(JwtClaims claims) {
    return claims.getClaimValue("ext_id") != null
        || claims.getClaimValue("api_token_id") != null
        || (claims.getClaimValue("role") == null && claims.getClaimValue("scopes") != null);
  }

  private static Caller caller(JwtClaims claims, String sub) {
    String tenant = required(claims, "tenant_id");
    if (!TenantId.isValid(tenant)) {
      throw new RefusedTokenException("tenant_id is not a tenant id");
    }
    Caller.Actor actor =
        new Caller.Actor(sub, optional(claims, "email"), optional(claims, "impersonated_by"));
    return new Caller(new TenantId(tenant), actor);
  }

  private static List<String> scopes(JwtClaims claims) {
    Object value = claims.getClaimValue("scopes");
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new RefusedTokenException("scopes is not an array of strings");
  }

  private static String required(JwtClaims claims, String name) {
    String value = optional(claims, name);
    if (value == null || value.isEmpty()) {
      throw new RefusedTokenException(name + " is missing");
    }
    return value;
  }

  private static @Nullable String optional(JwtClaims claims, String name) {
    Object value = claims.getClaimValue(name);
    if (value == null) {
      return null;
    }
    if (value instanceof String text
        && text.length() <= MAX_TEXT
        && !CONTROL.matcher(text).find()) {
      return text;
    }
    throw new RefusedTokenException(name + " is not a short plain string");
  }
}
