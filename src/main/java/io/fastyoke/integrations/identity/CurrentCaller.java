package io.fastyoke.integrations.identity;

import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Gives endpoints the caller of the current request. Below the endpoint the tenant is passed as an
 * argument.
 */
@ApplicationScoped
public class CurrentCaller {
  static final String ATTRIBUTE = "fastyoke.caller";

  private final SecurityIdentity identity;

  CurrentCaller(SecurityIdentity identity) {
    this.identity = identity;
  }

  /**
   * The caller. Call it in the endpoint method itself, before any I/O.
   *
   * @throws UnauthorizedException when the request has no token of a tenant, which an endpoint with
   *     a tenant's permission never sees
   */
  public Caller get() {
    return find().orElseThrow(UnauthorizedException::new);
  }

  /** The caller, if the request has a token of a tenant. */
  public Optional<Caller> find() {
    return Optional.ofNullable(identity.<Caller>getAttribute(ATTRIBUTE));
  }
}
