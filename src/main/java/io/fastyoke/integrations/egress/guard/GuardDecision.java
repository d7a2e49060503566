package io.fastyoke.integrations.egress.guard;

/**
 * The SSRF guard's decision on a tenant's base URL.
 *
 * @param status whether the base URL may be saved
 * @param message for the field that the URL came from; empty if allowed; never discloses an address
 */
public record GuardDecision(Status status, String message) {

  /** Whether a base URL may be saved. */
  public enum Status {
    /** The name, its current addresses and the port are allowed. */
    ALLOWED,
    /** Not a valid base URL: scheme, user information, query, fragment or port number. */
    MALFORMED,
    /** Tenants may not reach the host, an address or the port; one message for all cases. */
    BLOCKED,
    /** The name has no address at the moment. Each attempt resolves it again. */
    UNRESOLVABLE
  }

  /**
   * One message for every refused host and for a name without an address, so that tenants cannot
   * map the internal network by probing names.
   */
  public static final String BLOCKED_MESSAGE = "The host could not be found, or it is not allowed.";

  public static GuardDecision of(Status status) {
    return new GuardDecision(
        status,
        switch (status) {
          case ALLOWED -> "";
          case MALFORMED, BLOCKED, UNRESOLVABLE -> BLOCKED_MESSAGE;
        });
  }

  public static GuardDecision malformed(String message) {
    return new GuardDecision(Status.MALFORMED, message);
  }
}
