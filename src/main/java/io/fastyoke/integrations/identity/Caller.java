package io.fastyoke.integrations.identity;

import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as a verified token says it.
 *
 * @param tenant the tenant of the token
 * @param actor the person or machine that acts, for the audit trail
 */
public record Caller(TenantId tenant, Actor actor) {

  /**
   * Who did something, as it is kept in runs and events.
   *
   * @param sub the token's subject
   * @param email the token's e-mail address, if it has one
   * @param impersonatedBy who acts in the subject's name, if anyone
   */
  public record Actor(String sub, @Nullable String email, @Nullable String impersonatedBy) {}

  /**
   * Accepts a tenant named by the request (a {@code tenant_id} in its body or query) only when it
   * is the token's own.
   *
   * @param claimed what the request names, or null when it names none
   * @throws TenantMismatchException when it names another tenant
   */
  public void requireTenant(@Nullable String claimed) {
    if (claimed != null && !claimed.equals(tenant.value())) {
      throw new TenantMismatchException();
    }
  }
}
