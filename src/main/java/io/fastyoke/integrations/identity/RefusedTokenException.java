package io.fastyoke.integrations.identity;

/**
 * A token is not accepted. The reason is for the debug log and for tests; clients get a bare 401,
 * which gives an attacker no hint. Never holds any part of the token.
 */
final class RefusedTokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedTokenException(String reason) {
    super(reason, null, false, false);
  }
}
