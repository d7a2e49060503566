package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Twilio's REST API, version 2010-04-01 (twilio.com/docs/usage/api). */
@Singleton
final class TwilioProvider extends FixedApiProvider {
  private static final String SID = "account_sid";
  private static final String TOKEN = "auth_token";
  private static final String KEY = "api_key_sid";
  private static final String KEY_SECRET = "api_key_secret";
  private static final String REGION = "region";

  TwilioProvider(ProviderHosts hosts) {
    super("twilio", "Twilio", Set.of(REGION), hosts);
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
  String publishedOrigin(Credentials credentials) {
    String region = credentials.get(REGION).map(r -> r.asPublicText() + ".").orElse("");
    return "https://api." + region + "twilio.com";
  }

  @Override
  String basePath(Credentials credentials) {
    return "/2010-04-01/Accounts/" + required(credentials, SID).asPublicText();
  }

  @Override
  String contentType() {
    return FormBody.CONTENT_TYPE;
  }

  @Override
  byte[] encode(JsonNode body) {
    return FormBody.encode(body);
  }

  /**
   * Lists one phone number: never the account, whose answer holds the auth token, nor the messages,
   * which are personal data.
   */
  @Override
  String testPath() {
    return "/IncomingPhoneNumbers.json?PageSize=1";
  }

  @Override
  List<Header> authorization(Credentials credentials) {
    Optional<Secret> token = credentials.get(TOKEN);
    Header auth =
        token.isPresent()
            ? AuthHeaders.basic(credentials, required(credentials, SID), token.get())
            : AuthHeaders.basic(
                credentials, required(credentials, KEY), required(credentials, KEY_SECRET));
    return List.of(auth);
  }

  @Override
  TestVerdict judgeTestAnswer(Exchange.Answered answer) {
    return switch (answer.status()) {
      case 200 -> TestVerdict.of(TestOutcome.OK, answer, "Twilio accepts the credential.");
      case 401 ->
          TestVerdict.of(
              TestOutcome.UNAUTHORIZED,
              answer,
              "Twilio refuses the credential. Credentials belong to one region.");
      case 403 ->
          TestVerdict.of(
              TestOutcome.NOT_PERMITTED,
              answer,
              "Twilio knows the credential, but it may not list phone numbers: a restricted key or"
                  + " test credentials.");
      case 404 ->
          TestVerdict.of(
              TestOutcome.UNAUTHORIZED, answer, "Twilio does not know this account SID here.");
      default -> unclear(answer);
    };
  }

  /** Of a message, a call, a verification: whatever was created. */
  @Override
  public Optional<String> messageId(Exchange.Answered answer) {
    return MessageId.inBody(answer, "sid");
  }

  /** A caller's name must not become a call to somewhere else. */
  @Override
  public Set<String> xmlFields() {
    return Set.of("Twiml");
  }

  @Override
  public Set<String> keptHeaders() {
    return Set.of("twilio-request-id");
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
