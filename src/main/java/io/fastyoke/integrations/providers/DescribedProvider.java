package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.RetryAfter;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.providers.description.Descriptions;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What adapters have in common: a description file, its rules, and the usual headers. */
abstract class DescribedProvider implements Provider {
  static final Header USER_AGENT = new Header("User-Agent", "FastYoke-Webhooks/1.0");
  // Answers are kept as they come and never unpacked.
  static final Header IDENTITY = new Header("Accept-Encoding", "identity");

  private final ProviderDescription description;
  private final CredentialRules rules;
  private final Set<String> visible;

  /**
   * @param visible the fields whose values may be seen in what is kept of an answer
   */
  DescribedProvider(String name, Set<String> visible) {
    this.description = Descriptions.read(name);
    this.rules = new CredentialRules(description);
    this.visible = visible;
  }

  @Override
  public final ProviderDescription description() {
    return description;
  }

  @Override
  public final List<FieldProblem> check(Credentials credentials) {
    List<FieldProblem> problems = new ArrayList<>(rules.check(credentials));
    boolean anObject = !credentials.shapeErrors().containsKey("");
    (anObject ? between(credentials) : List.<FieldProblem>of())
        .stream()
            .filter(found -> problems.stream().noneMatch(p -> p.field().equals(found.field())))
            .forEach(problems::add);
    return List.copyOf(problems);
  }

  /** The rules that no single field can break; for credentials whose fields may be wrong. */
  List<FieldProblem> between(Credentials credentials) {
    return List.of();
  }

  @Override
  public AnswerVerdict judge(Exchange.Answered answer, Instant now) {
    boolean success = AnswerVerdict.isSuccess(answer.status());
    return AnswerVerdict.byStatus(answer, success ? null : retryAfter(answer, now).orElse(null));
  }

  /**
   * How long the receiver asks to wait before the next request: 0 to one day; empty when it gives
   * no value that can be parsed.
   */
  Optional<Duration> retryAfter(Exchange.Answered answer, Instant now) {
    return RetryAfter.standard(answer, now);
  }

  @Override
  public Redactor redactor(Credentials credentials) {
    return Redactor.lazily(() -> hidden(credentials));
  }

  @Override
  public final String shown(Credentials credentials, OutboundRequest request) {
    try (Redactor redactor = Redactor.lazily(() -> fields(credentials))) {
      return redactor.redact(shownTarget(credentials, request.target()));
    }
  }

  /** The target without what of the credentials is in it on purpose. */
  String shownTarget(Credentials credentials, URI target) {
    return target.toString();
  }

  /** Copies of all that must not be seen: the fields, and what was made of them. */
  private List<byte[]> hidden(Credentials credentials) {
    List<byte[]> values = fields(credentials);
    values.addAll(places(credentials));
    return values;
  }

  private List<byte[]> fields(Credentials credentials) {
    List<byte[]> values = new ArrayList<>(composites(credentials));
    for (String name : credentials.names()) {
      if (isSecret(name)) {
        values.add(credentials.get(name).orElseThrow().expose().clone());
      }
    }
    credentials.derived().forEach(secret -> values.add(secret.expose().clone()));
    return values;
  }

  /** Whether a field's value is hidden wherever it stands, also in the target of a request. */
  boolean isSecret(String field) {
    return !visible.contains(field);
  }

  /** What is secret in an address of the tenant's own; an action may name the same. */
  List<byte[]> places(Credentials credentials) {
    return List.of();
  }

  /**
   * What else gives the credentials away, such as a user and a password in one; wiped after use.
   */
  List<byte[]> composites(Credentials credentials) {
    return List.of();
  }

  static Secret required(Credentials credentials, String field) {
    return credentials
        .get(field)
        .orElseThrow(() -> new IllegalArgumentException("credentials without " + field));
  }
}
