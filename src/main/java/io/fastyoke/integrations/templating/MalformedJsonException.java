package io.fastyoke.integrations.templating;

/**
 * Text that is not JSON, or JSON beyond the limits of {@link Json}.
 *
 * <p>The message is for people and says where; it never quotes the text, which may hold a misplaced
 * secret.
 */
public final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedJsonException(String message) {
    super(message, null, false, false);
  }
}
