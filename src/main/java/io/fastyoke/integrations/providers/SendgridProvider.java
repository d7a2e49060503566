package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.providers.TestVerdict.Outcome;
import io.fastyoke.integrations.vault.Credentials;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** SendGrid's Web API, version 3 (twilio.com/docs/sendgrid/api-reference). */
@Singleton
final class SendgridProvider extends DescribedProvider {
  private static final String NAME = "sendgrid";
  private static final String TITLE = "SendGrid";
  private static final String REGION = "region";
  private static final int TOO_MANY_REQUESTS = 429;

  private final ProviderHosts hosts;

  SendgridProvider(ProviderHosts hosts) {
    super(NAME, Set.of(REGION));
    this.hosts = hosts;
  }

  @Override
  List<FieldProblem> between(Credentials credentials) {
    return List.of();
  }

  @Override
  public List<FieldProblem> checkTemplate(ActionTemplate template) {
    return FixedApiRules.template(template, NAME);
  }

  @Override
  public List<FieldProblem> checkAction(Credentials credentials, RenderedAction action) {
    return FixedApiRules.action(action, NAME);
  }

  @Override
  public OutboundRequest request(
      Credentials credentials, RenderedAction action, Delivery delivery) {
    insist(checkAction(credentials, action));
    List<Header> headers = headers(credentials);
    JsonNode body = action.body();
    if (body != null) {
      headers.add(new Header("Content-Type", JsonBody.CONTENT_TYPE));
    }
    return new OutboundRequest(
        action.method(),
        target(credentials, action.path()),
        headers,
        body == null ? null : JsonBody.encode(body),
        delivery.timeout(),
        Origin.OPERATOR,
        NAME);
  }

  @Override
  public OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline) {
    return new OutboundRequest(
        "GET",
        target(credentials, "/scopes"),
        headers(credentials),
        null,
        deadline,
        Origin.OPERATOR,
        NAME);
  }

  private static List<Header> headers(Credentials credentials) {
    List<Header> headers = new ArrayList<>();
    headers.add(AuthHeaders.bearer(credentials, required(credentials, "api_key")));
    headers.add(USER_AGENT);
    headers.add(IDENTITY);
    headers.add(new Header("Accept", JsonBody.CONTENT_TYPE));
    credentials
        .get("on_behalf_of")
        .ifPresent(user -> headers.add(new Header("on-behalf-of", user.asciiForHeader())));
    return headers;
  }

  @Override
  public Optional<String> host(Credentials credentials) {
    return Optional.ofNullable(BaseUrl.host(target(credentials, "")));
  }

  private URI target(Credentials credentials, String path) {
    boolean eu = credentials.get(REGION).map(r -> r.asPublicText().equals("eu")).orElse(false);
    String published = eu ? "https://api.eu.sendgrid.com" : "https://api.sendgrid.com";
    return URI.create(hosts.sendgrid(published) + "/v3" + path);
  }

  @Override
  public TestVerdict judgeTest(Exchange exchange) {
    if (!(exchange instanceof Exchange.Answered answer)) {
      return TestVerdict.unanswered(exchange, TITLE);
    }
    return switch (answer.status()) {
      case 200 -> scopes(answer);
      case 401 -> TestVerdict.of(Outcome.UNAUTHORIZED, answer, "SendGrid refuses the credential.");
      case 403 ->
          TestVerdict.of(
              Outcome.NOT_PERMITTED,
              answer,
              "SendGrid does not let this credential in, for now or for good.");
      default -> TestVerdict.unclear(answer, TITLE);
    };
  }

  private static TestVerdict scopes(Exchange.Answered answer) {
    return Scopes.hold(answer.body(), "mail.send")
        ? TestVerdict.of(Outcome.OK, answer, "SendGrid accepts the credential; it may send mail.")
        : TestVerdict.of(
            Outcome.NOT_PERMITTED,
            answer,
            "SendGrid accepts the credential, but it lacks the permission mail.send.");
  }

  /** SendGrid has no idempotency key. */
  @Override
  public boolean receiverDeduplicates() {
    return false;
  }

  /** The end of the window comes with every answer, but only matters when it was overstepped. */
  @Override
  public Optional<Duration> retryAfter(Exchange.Answered answer, Instant now) {
    Optional<Duration> standard = super.retryAfter(answer, now);
    return standard.isPresent() || answer.status() != TOO_MANY_REQUESTS
        ? standard
        : RetryAfter.epochSeconds(answer, "X-RateLimit-Reset", now);
  }
}
