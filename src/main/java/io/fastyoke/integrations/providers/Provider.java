package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The adapter of one provider: all that is special about it. Pure functions without I/O; the
 * registry finds every bean of this type and makes a {@link ProviderClient} of it.
 *
 * <p>Requests hold views on the credentials' bytes: the credentials stay open until the exchange
 * has ended.
 */
interface Provider {

  /** The fields of the credentials. */
  ProviderDescription description();

  /** What is wrong with credentials; fields begin with {@code credentials.}. */
  List<FieldProblem> check(Credentials credentials);

  /**
   * The address that the tenant chose, if the provider lets it; the SSRF guard checks it before it
   * is stored.
   */
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

  /** The exact request of one attempt. */
  OutboundRequest request(CheckedAction action, Delivery delivery);

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
   * What the answer to an action means. The status of HTTP says it for most providers; one that
   * answers {@code 200 {"ok": false}} looks into the body.
   *
   * @param answer with the body's first bytes as they were received
   * @param now for waits that are given as a moment
   */
  AnswerVerdict judge(Exchange.Answered answer, Instant now);

  /**
   * What the provider calls the message that it took, for people who look for it there: 1 to 255
   * visible ASCII characters; empty when the answer does not say.
   *
   * @param answer one that is a success
   */
  default Optional<String> messageId(Exchange.Answered answer) {
    return Optional.empty();
  }

  /** Keys of an action's body whose texts the provider reads as XML: values are escaped in them. */
  default Set<String> xmlFields() {
    return Set.of();
  }

  /** Headers of answers, in lower case, that are kept besides the usual ones. */
  default Set<String> keptHeaders() {
    return Set.of();
  }

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
