package io.fastyoke.integrations.identity;

/**
 * Tokens cannot be judged at the moment: the key set has never been read. Neither the caller's
 * fault nor a refusal.
 */
public final class KeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeysUnavailableException() {
    super("The keys that verify tokens cannot be read at the moment.", null, false, false);
  }
}
