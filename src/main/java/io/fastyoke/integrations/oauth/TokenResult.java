package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.vault.Secret;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What came of asking for a token. */
public sealed interface TokenResult {

  /**
   * A token.
   *
   * @param token a copy that belongs to the caller
   * @param ended whether it must not be sent any more; may be asked on any thread
   * @param number tells it from other tokens of the same connection
   */
  record Granted(Secret token, BooleanSupplier ended, long number) implements TokenResult {}

  /**
   * There is no token.
   *
   * @param kind what may be done about it
   * @param message for people; holds nothing secret
   * @param status that of the token endpoint's answer, if there was one
   * @param retryAfter how long it asks to wait, when it says so
   */
  record Failed(Kind kind, String message, @Nullable Integer status, @Nullable Duration retryAfter)
      implements TokenResult {}

  /** Why there is no token. */
  enum Kind {
    /** The token endpoint answered 4xx. */
    REFUSED,
    /** It answered 408 or 429: the same request may be granted later. */
    REFUSED_FOR_NOW,
    /** No answer, 5xx, or an answer that is no token. */
    UNREACHABLE,
    /** No answer, and asking again is of no use. */
    UNREACHABLE_FOR_GOOD,
    /** Its address may not be called. */
    BLOCKED;

    /** Whether the same request may be granted later. */
    public boolean isForNow() {
      return this == REFUSED_FOR_NOW || this == UNREACHABLE;
    }
  }
}
