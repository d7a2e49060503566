package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.oauth.TokenResult.Failed;

/** What becomes of an attempt for which there was no access token. */
final class WithoutToken {
  private WithoutToken() {}

  /**
   * @param line the request that was not sent, or not sent again
   */
  static ActionOutcome outcome(Failed failed, RequestLine line, int ms) {
    return switch (failed.kind()) {
      case BLOCKED ->
          new ActionOutcome.NotTried(
              new Failure(FailureCode.BLOCKED_ADDRESS, failed.message()), line);
      case REFUSED, REFUSED_FOR_NOW -> noToken(failed, FailureCode.TOKEN_REFUSED, line, ms);
      case UNREACHABLE, UNREACHABLE_FOR_GOOD ->
          noToken(failed, FailureCode.TOKEN_UNREACHABLE, line, ms);
    };
  }

  private static ActionOutcome noToken(Failed failed, FailureCode code, RequestLine line, int ms) {
    return new ActionOutcome.NoToken(
        line,
        new Failure(code, failed.message()),
        ms,
        failed.kind().isForNow(),
        failed.retryAfter());
  }
}
