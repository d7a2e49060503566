package io.fastyoke.integrations.identity;

/** A request names a tenant that is not the token's. The message names neither. */
public final class TenantMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TenantMismatchException() {
    super(null, null, false, false);
  }

  @Override
  public String getMessage() {
    return "The tenant_id of the request is not the tenant of the token.";
  }
}
