package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.vault.Credentials;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A provider that answers {@code 200 {"ok": false, "error": "…"}} when it refuses: this class and
 * {@code providers/slack.json} are all that it takes (CONTRIBUTING.md, "A new provider").
 */
@Singleton
final class SlackProvider extends FixedApiProvider {
  private static final ObjectReader JSON = JsonMapper.builder().build().reader();

  SlackProvider(ProviderHosts hosts) {
    super("slack", "Slack", Set.of(), hosts);
  }

  @Override
  String publishedOrigin(Credentials credentials) {
    return "https://slack.com";
  }

  @Override
  String basePath(Credentials credentials) {
    return "/api";
  }

  @Override
  List<Header> authorization(Credentials credentials) {
    return List.of(AuthHeaders.bearer(credentials, required(credentials, "bot_token")));
  }

  @Override
  String testPath() {
    return "/auth.test";
  }

  @Override
  TestVerdict judgeTestAnswer(Exchange.Answered answer) {
    return switch (answer.status()) {
      case 200 ->
          error(answer).isEmpty()
              ? TestVerdict.of(TestOutcome.OK, answer, "Slack accepts the credential.")
              : TestVerdict.of(TestOutcome.UNAUTHORIZED, answer, "Slack refuses the credential.");
      case 401 -> TestVerdict.of(TestOutcome.UNAUTHORIZED, answer, "Slack refuses the credential.");
      case 403 -> TestVerdict.of(TestOutcome.NOT_PERMITTED, answer, "Slack does not permit this.");
      default -> unclear(answer);
    };
  }

  @Override
  public AnswerVerdict judge(Exchange.Answered answer, Instant now) {
    String error = AnswerVerdict.isSuccess(answer.status()) ? error(answer) : "";
    return switch (error) {
      case "" -> super.judge(answer, now);
      case "ratelimited" ->
          AnswerVerdict.Rejected.temporaryRefusal(error, retryAfter(answer, now).orElse(null));
      default -> AnswerVerdict.Rejected.finalRefusal(error);
    };
  }

  /** Slack's reason; empty when it does not say that it refuses. */
  private static String error(Exchange.Answered answer) {
    try {
      JsonNode said = JSON.readTree(answer.body());
      return said.path("ok").asBoolean(true) ? "" : said.path("error").asText("unknown_error");
    } catch (IOException e) {
      return "";
    }
  }
}
