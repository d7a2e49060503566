package io.fastyoke.integrations.vault;

/**
 * Sealed credentials do not open. The exception does not disclose why (another key, another
 * context, a damaged row), so that an attacker learns nothing from attempts.
 */
public final class UnreadableCredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableCredentialsException() {
    super("The credentials cannot be opened.");
  }
}
