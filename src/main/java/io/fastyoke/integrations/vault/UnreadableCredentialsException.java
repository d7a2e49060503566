package io.fastyoke.integrations.vault;

/**
 * Sealed credentials do not open. The cause (another key, another context, a damaged row) is never
 * told apart, so that nobody can learn from trying.
 */
public final class UnreadableCredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableCredentialsException() {
    super("The credentials cannot be opened.");
  }
}
