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
import io.fastyoke.integrations.vault.Secret;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Twilio's REST API, version 2010-04-01 (twilio.com/docs/usage/api). */
@Singleton
final class TwilioProvider extends DescribedProvider {
  private static final String NAME = "twilio";
  private static final String TITLE = "Twilio";
  private static final String SID = "account_sid";
  private static final String TOKEN = "auth_token";
  private static final String KEY = "api_key_sid";
  private static final String KEY_SECRET = "api_key_secret";
  private static final String REGION = "region";

  private final ProviderHosts hosts;

  TwilioProvider(ProviderHosts hosts) {
    super(NAME, Set.of(REGION));
    this.hosts = hosts;
  }

  @Override
  List<FieldProblem> between(Credentials credentials) {
    Set<String> given = credentials.names();
    List<FieldProblem> problems = new ArrayList<>();
    boolean anyKey = given.contains(KEY) || given.contains(KEY_SECRET);
    if (given.contains(TOKEN) && anyKey) {
      problems.add(
          CredentialRules.problem(TOKEN, "cannot be given together with " + KEY + "; give one"));
    } else if (!given.contains(TOKEN) && !anyKey) {
      problems.add(
          CredentialRules.problem(
              TOKEN, "is required unless " + KEY + " and " + KEY_SECRET + " are given"));
    } else if (anyKey && !given.contains(KEY)) {
      problems.add(CredentialRules.problem(KEY, "is required with " + KEY_SECRET));
    } else if (anyKey && !given.contains(KEY_SECRET)) {
      problems.add(CredentialRules.problem(KEY_SECRET, "is required with " + KEY));
    }
    return problems;
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
      headers.add(new Header("Content-Type", FormBody.CONTENT_TYPE));
    }
    return new OutboundRequest(
        action.method(),
        target(credentials, action.path()),
        headers,
        body == null ? null : FormBody.encode(body),
        delivery.timeout(),
        Origin.OPERATOR,
        NAME);
  }

  /**
   * Lists one phone number: never the account, whose answer holds the auth token, nor the messages,
   * which are personal data.
   */
  @Override
  public OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline) {
    return new OutboundRequest(
        "GET",
        target(credentials, "/IncomingPhoneNumbers.json?PageSize=1"),
        headers(credentials),
        null,
        deadline,
        Origin.OPERATOR,
        NAME);
  }

  private static List<Header> headers(Credentials credentials) {
    Optional<Secret> token = credentials.get(TOKEN);
    Header auth =
        token.isPresent()
            ? AuthHeaders.basic(credentials, required(credentials, SID), token.get())
            : AuthHeaders.basic(
                credentials, required(credentials, KEY), required(credentials, KEY_SECRET));
    return new ArrayList<>(
        List.of(auth, USER_AGENT, IDENTITY, new Header("Accept", JsonBody.CONTENT_TYPE)));
  }

  @Override
  public Optional<String> host(Credentials credentials) {
    return Optional.ofNullable(BaseUrl.host(target(credentials, "")));
  }

  private URI target(Credentials credentials, String path) {
    String region = credentials.get(REGION).map(r -> r.asPublicText() + ".").orElse("");
    String origin = hosts.twilio("https://api." + region + "twilio.com");
    String account = required(credentials, SID).asPublicText();
    return URI.create(origin + "/2010-04-01/Accounts/" + account + path);
  }

  @Override
  public TestVerdict judgeTest(Exchange exchange) {
    if (!(exchange instanceof Exchange.Answered answer)) {
      return TestVerdict.unanswered(exchange, TITLE);
    }
    return switch (answer.status()) {
      case 200 -> TestVerdict.of(Outcome.OK, answer, "Twilio accepts the credential.");
      case 401 ->
          TestVerdict.of(
              Outcome.UNAUTHORIZED,
              answer,
              "Twilio refuses the credential. Credentials belong to one region.");
      case 403 ->
          TestVerdict.of(
              Outcome.NOT_PERMITTED,
              answer,
              "Twilio knows the credential, but it may not list phone numbers: a restricted key or"
                  + " test credentials.");
      case 404 ->
          TestVerdict.of(
              Outcome.UNAUTHORIZED, answer, "Twilio does not know this account SID here.");
      default -> TestVerdict.unclear(answer, TITLE);
    };
  }

  /** Twilio has no idempotency key for messages and calls. */
  @Override
  public boolean receiverDeduplicates() {
    return false;
  }

  @Override
  List<byte[]> composites(Credentials credentials) {
    List<byte[]> pairs = new ArrayList<>();
    credentials
        .get(TOKEN)
        .ifPresent(t -> credentials.get(SID).ifPresent(u -> pairs.add(AuthHeaders.pair(u, t))));
    credentials
        .get(KEY_SECRET)
        .ifPresent(s -> credentials.get(KEY).ifPresent(u -> pairs.add(AuthHeaders.pair(u, s))));
    return pairs;
  }
}
