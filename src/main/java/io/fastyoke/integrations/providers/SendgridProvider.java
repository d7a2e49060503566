package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.RetryAfter;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.vault.Credentials;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** SendGrid's Web API, version 3 (twilio.com/docs/sendgrid/api-reference). */
@Singleton
final class SendgridProvider extends FixedApiProvider {
  private static final String REGION = "region";
  private static final String MESSAGE_ID = "x-message-id";
  private static final int TOO_MANY_REQUESTS = 429;

  SendgridProvider(ProviderHosts hosts) {
    super("sendgrid", "SendGrid", Set.of(REGION), hosts);
  }

  @Override
  String publishedOrigin(Credentials credentials) {
    boolean eu = credentials.get(REGION).map(r -> r.asPublicText().equals("eu")).orElse(false);
    return eu ? "https://api.eu.sendgrid.com" : "https://api.sendgrid.com";
  }

  @Override
  String basePath(Credentials credentials) {
    return "/v3";
  }

  @Override
  List<Header> authorization(Credentials credentials) {
    List<Header> headers = new ArrayList<>();
    headers.add(AuthHeaders.bearer(credentials, required(credentials, "api_key")));
    credentials
        .get("on_behalf_of")
        .ifPresent(user -> headers.add(new Header("on-behalf-of", user.asciiForHeader())));
    return headers;
  }

  @Override
  String testPath() {
    return "/scopes";
  }

  @Override
  TestVerdict judgeTestAnswer(Exchange.Answered answer) {
    return switch (answer.status()) {
      case 200 -> scopes(answer);
      case 401 ->
          TestVerdict.of(TestOutcome.UNAUTHORIZED, answer, "SendGrid refuses the credential.");
      case 403 ->
          TestVerdict.of(
              TestOutcome.NOT_PERMITTED,
              answer,
              "SendGrid does not let this credential in, for now or for good.");
      default -> unclear(answer);
    };
  }

  private static TestVerdict scopes(Exchange.Answered answer) {
    return Scopes.hold(answer.body(), "mail.send")
        ? TestVerdict.of(
            TestOutcome.OK, answer, "SendGrid accepts the credential; it may send mail.")
        : TestVerdict.of(
            TestOutcome.NOT_PERMITTED,
            answer,
            "SendGrid accepts the credential, but it lacks the permission mail.send.");
  }

  @Override
  public Set<String> keptHeaders() {
    return Set.of(MESSAGE_ID);
  }

  @Override
  public Optional<String> messageId(Exchange.Answered answer) {
    return MessageId.inHeader(answer, MESSAGE_ID);
  }

  /** The end of the window comes with every answer, but only matters when it was overstepped. */
  @Override
  Optional<Duration> retryAfter(Exchange.Answered answer, Instant now) {
    Optional<Duration> standard = super.retryAfter(answer, now);
    return standard.isPresent() || answer.status() != TOO_MANY_REQUESTS
        ? standard
        : RetryAfter.epochSeconds(answer, "X-RateLimit-Reset", now);
  }
}
