package io.fastyoke.integrations.identity;

import org.jspecify.annotations.Nullable;

/**
 * The caller, as named by a verified token.
 *
 * @param tenant the tenant of the token
 * @param actor the person or machine that acts; kept in the audit trail
 */
public record Caller(TenantId tenant, Actor actor) {

  /**
   * The acting person or machine, as stored in runs and events.
   *
   * @param sub the token's subject
   * @param email the token's e-mail address, if it has one
   * @param impersonatedBy the person who impersonates the subject; null when there is none
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
