package io.fastyoke.integrations.egress.guard;

/**
 * What is to be said of a tenant's base URL when it is saved.
 *
 * @param verdict whether it may be kept
 * @param message for the field, in words for people; empty if allowed; never says what an address
 *     is or where a name leads
 */
public record GuardDecision(Verdict verdict, String message) {

  /** Whether a base URL may be kept. */
  public enum Verdict {
    /** The name, its addresses and the port are allowed at this moment. */
    ALLOWED,
    /** Not the form of a base URL: scheme, user information, query, fragment, port number. */
    MALFORMED,
    /** A host, address or port that tenants may not reach; one message for all of them. */
    BLOCKED,
    /** The name has no address at this moment. Every attempt asks again. */
    UNRESOLVABLE
  }

  /**
   * Says no to a host, whatever the reason, and that a name has no address: the inside network must
   * not be mapped by asking.
   */
  public static final String BLOCKED_MESSAGE = "The host could not be found, or it is not allowed.";

  public static GuardDecision of(Verdict verdict) {
    return new GuardDecision(
        verdict,
        switch (verdict) {
          case ALLOWED -> "";
          case MALFORMED, BLOCKED, UNRESOLVABLE -> BLOCKED_MESSAGE;
        });
  }

  public static GuardDecision malformed(String message) {
    return new GuardDecision(Verdict.MALFORMED, message);
  }
}
