package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.certificates.TlsFields;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.oauth.Account;
import io.fastyoke.integrations.oauth.AuthorizedSend;
import io.fastyoke.integrations.oauth.AuthorizedSender;
import io.fastyoke.integrations.oauth.OAuth2Fields;
import io.fastyoke.integrations.oauth.SendOutcome;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The reactive client of one provider: describes, checks, builds, sends and judges. What is special
 * about the provider is in its adapter; what it sends goes through egress, with an access token
 * where the credentials ask for one.
 */
public final class ProviderClient {
  private final Provider adapter;
  private final AuthorizedSender sender;

  ProviderClient(Provider adapter, AuthorizedSender sender) {
    this.adapter = adapter;
    this.sender = sender;
  }

  /** The fields of the credentials. */
  public ProviderDescription description() {
    return adapter.description();
  }

  /** What is wrong with credentials; fields begin with {@code credentials.}. */
  public List<FieldProblem> check(Credentials credentials) {
    return adapter.check(credentials);
  }

  /**
   * The addresses that the tenant chose, by the paths of their fields below {@code credentials};
   * the SSRF guard checks them before they are stored.
   */
  public Map<String, URI> tenantTargets(Credentials credentials) {
    Map<String, URI> targets = new LinkedHashMap<>();
    adapter.tenantTarget(credentials).ifPresent(url -> targets.put(BaseUrl.FIELD, url));
    OAuth2Fields.tokenUrl(credentials).ifPresent(url -> targets.put(OAuth2Fields.TOKEN_URL, url));
    return targets;
  }

  /** The host to which requests go, for people; empty when the credentials name none. */
  public Optional<String> host(Credentials credentials) {
    return adapter.host(credentials);
  }

  /** When the client certificate of valid credentials ends; empty without one. */
  public Optional<Instant> certificateExpiresAt(Credentials credentials) {
    return TlsFields.expiresAt(credentials);
  }

  /**
   * Checks an action before anything is rendered.
   *
   * @throws IllegalArgumentException naming the first field that is wrong, relative to {@code
   *     payload_template}
   */
  public void checkTemplate(ActionTemplate template) {
    CheckedAction.refuse(adapter.checkTemplate(template));
  }

  /**
   * Checks a rendered action against the credentials with which it is sent.
   *
   * @throws IllegalArgumentException naming the first field that is wrong
   */
  public CheckedAction check(Credentials credentials, RenderedAction action) {
    return CheckedAction.of(adapter, credentials, action);
  }

  /** The target of a request as it may be shown and kept. */
  public String shown(Credentials credentials, OutboundRequest request) {
    return adapter.shown(credentials, request);
  }

  /** Takes these credentials out of what is kept of an answer; the caller closes it. */
  public Redactor redactor(Credentials credentials) {
    return adapter.redactor(credentials);
  }

  /** Keys of an action's body whose texts are XML. */
  public Set<String> xmlFields() {
    return adapter.xmlFields();
  }

  /** Headers of answers that are kept besides the usual ones, in lower case. */
  public Set<String> keptHeaders() {
    return adapter.keptHeaders();
  }

  /** Whether an attempt with an unknown outcome may be repeated. */
  public boolean receiverDeduplicates() {
    return adapter.receiverDeduplicates();
  }

  /**
   * Sends the request of an action.
   *
   * @param account whose request it is
   * @param connectWithin what is left of the time for connecting, when asked
   * @param mayWrite asked right before the first byte is written, on an event loop
   */
  public Uni<SendOutcome> send(
      Account account,
      OutboundRequest request,
      Supplier<Duration> connectWithin,
      BooleanSupplier mayWrite) {
    return sender.send(
        account,
        request,
        new AuthorizedSend.Rules(adapter.receiverDeduplicates(), connectWithin, mayWrite));
  }

  /** A request without side effects that shows whether the credentials work. */
  public OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline) {
    return adapter.testRequest(tenant, credentials, deadline);
  }

  /** Sends a {@link #testRequest}. */
  public Uni<SendOutcome> sendTest(
      TenantId tenant, Credentials credentials, OutboundRequest request) {
    return sender.sendTest(tenant, credentials, request);
  }

  /** What the answer to an action means. */
  public AnswerVerdict judge(Exchange.Answered answer, Instant now) {
    return adapter.judge(answer, now);
  }

  /** What the provider calls the message that it took; of an answer that is a success. */
  public Optional<String> messageId(Exchange.Answered answer) {
    return adapter.messageId(answer);
  }

  /** What the outcome of a {@link #testRequest} shows, and at which step it ended. */
  public TestVerdict judgeTest(SendOutcome outcome) {
    if (outcome instanceof SendOutcome.NoToken noToken) {
      return TestVerdict.withoutToken(noToken.failed());
    }
    SendOutcome.Exchanged exchanged = (SendOutcome.Exchanged) outcome;
    TestVerdict verdict = adapter.judgeTest(exchanged.exchange());
    return exchanged.withToken() ? verdict.afterToken() : verdict;
  }
}
