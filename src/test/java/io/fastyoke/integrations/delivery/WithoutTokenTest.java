package io.fastyoke.integrations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.delivery.ActionOutcome.NoToken;
import io.fastyoke.integrations.delivery.ActionOutcome.NotTried;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithoutTokenTest {
  private static final RequestLine LINE = new RequestLine("POST", "https://example.org/");

  private static ActionOutcome outcome(Kind kind) {
    return WithoutToken.outcome(new Failed(kind, "Why.", 429, Duration.ofSeconds(7)), LINE, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED,token_refused,false",
    "REFUSED_FOR_NOW,token_refused,true",
    "UNREACHABLE,token_unreachable,true",
    "UNREACHABLE_FOR_GOOD,token_unreachable,false"
  })
  void saysWhoIsToBlameAndWhetherTimeHelps(Kind kind, String code, boolean repeatable) {
    NoToken outcome = (NoToken) outcome(kind);
    assertThat(outcome.failure().code()).isEqualTo(code);
    assertThat(outcome.failure().message()).isEqualTo("Why.");
    assertThat(outcome.repeatable()).isEqualTo(repeatable);
    assertThat(outcome.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(outcome.sent()).isEqualTo(LINE);
  }

  /** Judged at every request, as a base URL is. */
  @Test
  void anAddressThatMayNotBeCalledIsBlocked() {
    NotTried outcome = (NotTried) outcome(Kind.BLOCKED);
    assertThat(outcome.failure().code()).isEqualTo("blocked_address");
    assertThat(outcome.sent()).isEqualTo(LINE);
  }
}
