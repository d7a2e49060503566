package io.fastyoke.integrations.identity;

/**
 * Tokens cannot be verified at the moment because no key set is loaded. Answered with 503, not 401.
 */
public final class KeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeysUnavailableException() {
    super("The keys that verify tokens cannot be read at the moment.", null, false, false);
  }
}
