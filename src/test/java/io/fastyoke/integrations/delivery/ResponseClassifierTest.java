package io.fastyoke.integrations.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.delivery.ActionOutcome.Delivered;
import io.fastyoke.integrations.delivery.ActionOutcome.Refused;
import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.providers.AnswerVerdict;
import io.fastyoke.integrations.providers.AnswerVerdict.Accepted;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderClients;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.redaction.Redactors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of an answer, and what of it is kept. */
class ResponseClassifierTest {
  private static final RequestLine LINE = new RequestLine("POST", "https://a.example.com/");
  private static final String SECRET = "hush-hush";
  private static final ProviderClient BY_STATUS =
      ProviderClients.judging(Set.of("x-slack-id"), said -> AnswerVerdict.byStatus(said, null));

  private static ActionOutcome judged(
      ProviderClient provider, int status, byte[] body, boolean truncated, String... headers) {
    return judged(false, provider, status, body, truncated, headers);
  }

  private static ActionOutcome judged(
      boolean whole,
      ProviderClient provider,
      int status,
      byte[] body,
      boolean truncated,
      String... headers) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Map.entry(headers[i], headers[i + 1]));
    }
    Answered answered = new Answered(status, all, body, truncated, Duration.ZERO);
    try (Redactor redactor = Redactors.of(SECRET)) {
      return new ResponseClassifier(() -> Instant.EPOCH)
          .classify(answered, provider, redactor, LINE, 7, whole);
    }
  }

  @ParameterizedTest
  @CsvSource({"199, false", "200, true", "299, true", "300, false", "404, false", "503, false"})
  void statusesOfSuccessAreDeliveries(int status, boolean delivered) {
    ActionOutcome outcome = judged(BY_STATUS, status, "no hush-hush".getBytes(UTF_8), false);
    assertThat(outcome).isInstanceOf(delivered ? Delivered.class : Refused.class);
    assertThat(outcome.sent()).isEqualTo(LINE);
    assertThat(outcome.durationMs()).isEqualTo(7);
    String body = delivered ? null : "no [redacted]";
    assertThat(outcome.answer()).isEqualTo(new Answer(status, Map.of(), body, false));
  }

  @ParameterizedTest
  @CsvSource({"0, false, false", "65536, false, false", "65537, false, true", "0, true, true"})
  void aSuccessSaysOnlyWhetherItsBodyWasLarge(int length, boolean truncated, boolean large) {
    assertThat(judged(BY_STATUS, 200, new byte[length], truncated).answer())
        .isEqualTo(new Answer(200, Map.of(), null, large));
  }

  @ParameterizedTest
  @CsvSource({
    "65534, false, true",
    "65535, false, false",
    "10, true, false",
  })
  void theBodyIsForLaterActionsWhenItIsWholeAndSmall(int length, boolean cut, boolean kept) {
    byte[] body = ("\"" + "x".repeat(length) + "\"").getBytes(UTF_8);
    for (int status : new int[] {200, 404}) {
      String json = judged(true, BY_STATUS, status, body, cut).answer().json();
      assertThat(json).isEqualTo(kept ? new String(body, UTF_8) : null);
      assertThat(judged(false, BY_STATUS, status, body, cut).answer().json()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<html>|",
        "{'a':1}|",
        "{\"a\":1,\"a\":2}|",
        "\"hush-hush\"|\"[redacted]\"",
        "1e400|1e400"
      })
  void theBodyIsForLaterActionsWhenItIsJson(String body, String json) {
    assertThat(judged(true, BY_STATUS, 200, body.getBytes(UTF_8), false).answer().json())
        .isEqualTo(json);
  }

  @Test
  void keepsFewHeadersWithoutSecretsAndShort() {
    ActionOutcome outcome =
        judged(
            BY_STATUS,
            200,
            new byte[0],
            false,
            "Server",
            "first hush-hush",
            "server",
            "second",
            "Set-Cookie",
            "no",
            "X-Slack-Id",
            "1",
            "Location",
            "x".repeat(600),
            "Webhook-Delivery",
            "a",
            "webhook-delivery",
            "b");
    assertThat(outcome.answer())
        .isEqualTo(
            new Answer(
                200,
                Map.of(
                    "server",
                    "first [redacted]",
                    "x-slack-id",
                    "1",
                    "location",
                    "x".repeat(512),
                    "webhook-delivery",
                    "a, b"),
                null,
                false));
  }

  @Test
  void theReasonOfAProviderIsToldWithoutSecretsAndShort() {
    String reason = "hush-hush is wrong " + "x".repeat(600);
    ProviderClient refusing =
        ProviderClients.judging(Set.of(), said -> Rejected.finalRefusal(reason));
    Refused refused = (Refused) judged(refusing, 200, new byte[0], false);
    assertThat(refused.verdict().reason()).startsWith("[redacted] is wrong xxx").hasSize(512);
    assertThat(refused.failure())
        .isEqualTo(
            new Failure(
                "provider_refused",
                "The receiver answered 200 and refused the action: " + refused.verdict().reason()));
    assertThat(((Refused) judged(BY_STATUS, 404, new byte[0], false)).failure())
        .isEqualTo(new Failure("http_status", "The receiver answered 404."));
  }

  @Test
  void aReceiverThatWantsNothingMorePausesTheConnection() {
    ProviderClient takes = ProviderClients.judging(Set.of(), said -> new Accepted(true));
    ProviderClient refuses =
        ProviderClients.judging(Set.of(), said -> new Rejected("gone", false, false, null, true));
    assertThat(judged(takes, 200, new byte[0], false).pausesConnection()).isTrue();
    assertThat(judged(refuses, 410, new byte[0], false).pausesConnection()).isTrue();
    assertThat(judged(BY_STATUS, 200, new byte[0], false).pausesConnection()).isFalse();
    assertThat(judged(BY_STATUS, 404, new byte[0], false).pausesConnection()).isFalse();
  }

  @Test
  void anAdapterThatFailsLeavesTheVerdictToTheStatus() {
    ProviderClient broken =
        ProviderClients.judging(
            Set.of(),
            said -> {
              throw new IllegalStateException("broken");
            });
    assertThat(judged(broken, 204, new byte[0], false)).isInstanceOf(Delivered.class);
    assertThat(judged(broken, 500, new byte[0], false)).isInstanceOf(Refused.class);
  }
}
