package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The reactive client of one provider: describes, checks, builds, sends and judges. What is special
 * about the provider is in its adapter; what it sends goes through egress.
 */
public final class ProviderClient {
  private final Provider adapter;
  private final Egress egress;

  ProviderClient(Provider adapter, Egress egress) {
    this.adapter = adapter;
    this.egress = egress;
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
   * The address that the tenant chose, if the provider lets it; the SSRF guard checks it before it
   * is stored.
   */
  public Optional<URI> tenantTarget(Credentials credentials) {
    return adapter.tenantTarget(credentials);
  }

  /** The host to which requests go, for people; empty when the credentials name none. */
  public Optional<String> host(Credentials credentials) {
    return adapter.host(credentials);
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

  /** Headers of answers that are kept besides the usual ones, in lower case. */
  public Set<String> keptHeaders() {
    return adapter.keptHeaders();
  }

  /** Whether an attempt with an unknown outcome may be repeated. */
  public boolean receiverDeduplicates() {
    return adapter.receiverDeduplicates();
  }

  /**
   * Sends the request of an action, as {@link Egress#send(OutboundRequest, Duration, boolean,
   * BooleanSupplier)}.
   */
  public Uni<Exchange> send(
      OutboundRequest request, Duration connectWithin, BooleanSupplier mayWrite) {
    return egress.send(request, connectWithin, adapter.receiverDeduplicates(), mayWrite);
  }

  /** A request without side effects that shows whether the credentials work. */
  public OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline) {
    return adapter.testRequest(tenant, credentials, deadline);
  }

  /** Sends a {@link #testRequest}. */
  public Uni<Exchange> sendTest(OutboundRequest request) {
    return egress.send(request, () -> true);
  }

  /** What the answer to an action means. */
  public AnswerVerdict judge(Exchange.Answered answer, Instant now) {
    return adapter.judge(answer, now);
  }

  /** What the provider calls the message that it took; of an answer that is a success. */
  public Optional<String> messageId(Exchange.Answered answer) {
    return adapter.messageId(answer);
  }

  /** What the exchange of a {@link #testRequest} shows. */
  public TestVerdict judgeTest(Exchange exchange) {
    return adapter.judgeTest(exchange);
  }
}
