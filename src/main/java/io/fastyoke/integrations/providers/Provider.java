package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The adapter of one provider. Pure functions without I/O; the registry finds every bean of this
 * type.
 *
 * <p>Requests hold views on the credentials' bytes: the credentials stay open until the exchange
 * has ended.
 */
public interface Provider {

  /** The fields of the credentials. */
  ProviderDescription description();

  /** What is wrong with credentials; fields begin with {@code credentials.}. */
  List<FieldProblem> check(Credentials credentials);

  /** The address that the tenant chose, if the provider lets it; to be judged before it is kept. */
  default Optional<URI> tenantTarget(Credentials credentials) {
    return Optional.empty();
  }

  /**
   * What is wrong with an action before anything is rendered; fields are relative to {@code
   * payload_template}, such as {@code path} or {@code headers.Host}.
   */
  List<FieldProblem> checkTemplate(ActionTemplate template);

  /** What is wrong with an action that is about to be sent with these credentials; fields alike. */
  List<FieldProblem> checkAction(Credentials credentials, RenderedAction action);

  /**
   * The exact request of one attempt.
   *
   * @throws IllegalArgumentException when {@link #check} or {@link #checkAction} would say no
   */
  OutboundRequest request(Credentials credentials, RenderedAction action, Delivery delivery);

  /** A request without side effects that shows whether the credentials work. */
  OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline);

  /** What the exchange of {@link #testRequest} shows. */
  TestVerdict judgeTest(Exchange exchange);

  /**
   * Whether receivers can tell that a delivery is tried again, so that an attempt with an unknown
   * outcome may be repeated.
   */
  boolean receiverDeduplicates();

  /**
   * How long the receiver asks to be left alone; never negative, a day at most, and empty when it
   * says nothing that can be understood.
   */
  Optional<Duration> retryAfter(Exchange.Answered answer, Instant now);

  /**
   * The target of a request as it may be shown and kept: without what comes from the credentials,
   * but with the action's own path.
   */
  String shown(Credentials credentials, OutboundRequest request);

  /** The host to which requests go, for people; empty when the credentials name none. */
  Optional<String> host(Credentials credentials);

  /**
   * Takes these credentials, and what was made of them until it is first used, out of what is kept
   * of an answer. Looks at them then, so it is used while they are open; the caller closes it.
   */
  Redactor redactor(Credentials credentials);
}
