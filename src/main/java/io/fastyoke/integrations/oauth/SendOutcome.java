package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.Exchange;
import java.time.Duration;

/** How sending a request ended that may need an access token first. */
public sealed interface SendOutcome {

  /** Wall time from the start to the end, with the time for tokens. */
  Duration elapsed();

  /**
   * The request came as far as this exchange says.
   *
   * @param withToken whether it carried a token
   */
  record Exchanged(Exchange exchange, boolean withToken, Duration elapsed) implements SendOutcome {

    /** One without a token. */
    public static SendOutcome of(Exchange exchange) {
      return new Exchanged(exchange, false, exchange.elapsed());
    }
  }

  /**
   * There was no token, so the request was not sent; or, after the receiver had refused a token
   * with 401, not sent again.
   */
  record NoToken(TokenResult.Failed failed, Duration elapsed) implements SendOutcome {}
}
