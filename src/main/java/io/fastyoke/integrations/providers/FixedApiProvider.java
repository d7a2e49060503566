package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Credentials;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider with one published API for all tenants, whose actions are a POST with a path and an
 * object. The operator may replace its host, see {@link ProviderHosts}.
 */
abstract class FixedApiProvider extends DescribedProvider {
  private static final String METHOD = "POST";

  private final String name;
  private final String title;
  private final Optional<String> replacement;

  /**
   * @param title the name for people in messages
   * @param visible the fields whose values may be seen in what is kept of an answer
   */
  FixedApiProvider(String name, String title, Set<String> visible, ProviderHosts hosts) {
    super(name, visible);
    this.name = name;
    this.title = title;
    this.replacement = hosts.replacement(name);
  }

  /** Scheme and host of the published API. */
  abstract String publishedOrigin(Credentials credentials);

  /** What stands between the host and an action's path, such as {@code /v3}. */
  abstract String basePath(Credentials credentials);

  /** What authorizes a request, and what else the credentials add to its headers. */
  abstract List<Header> authorization(Credentials credentials);

  /** Path and query of a GET that has no side effects and needs the credentials. */
  abstract String testPath();

  /** What the answer to {@link #testPath} shows. */
  abstract TestVerdict judgeTestAnswer(Exchange.Answered answer);

  String contentType() {
    return OutgoingJson.CONTENT_TYPE;
  }

  byte[] encode(JsonNode body) {
    return OutgoingJson.encode(body);
  }

  @Override
  public final OutboundRequest request(CheckedAction checked, Delivery delivery) {
    Credentials credentials = checked.credentials();
    RenderedAction action = checked.action();
    List<Header> headers = headers(credentials);
    JsonNode body = action.body();
    if (body != null) {
      headers.add(new Header("Content-Type", contentType()));
    }
    return request(
        METHOD,
        target(credentials, action.path()),
        headers,
        body == null ? null : encode(body),
        delivery.timeout());
  }

  @Override
  public final OutboundRequest testRequest(
      TenantId tenant, Credentials credentials, Duration deadline) {
    return request("GET", target(credentials, testPath()), headers(credentials), null, deadline);
  }

  private OutboundRequest request(
      String method, URI target, List<Header> headers, byte @Nullable [] body, Duration deadline) {
    return new OutboundRequest(method, target, headers, body, deadline, Origin.OPERATOR, name);
  }

  private List<Header> headers(Credentials credentials) {
    List<Header> headers = new ArrayList<>(authorization(credentials));
    headers.add(USER_AGENT);
    headers.add(IDENTITY);
    headers.add(new Header("Accept", OutgoingJson.CONTENT_TYPE));
    return headers;
  }

  private URI target(Credentials credentials, String path) {
    String origin = replacement.orElseGet(() -> publishedOrigin(credentials));
    return URI.create(origin + basePath(credentials) + path);
  }

  @Override
  public final Optional<String> host(Credentials credentials) {
    return Optional.ofNullable(BaseUrl.host(target(credentials, "")));
  }

  @Override
  public final TestVerdict judgeTest(Exchange exchange) {
    return exchange instanceof Exchange.Answered answer
        ? judgeTestAnswer(answer)
        : TestVerdict.unanswered(exchange, title);
  }

  /** An answer to the test that says nothing about the credential. */
  final TestVerdict unclear(Exchange.Answered answer) {
    return TestVerdict.unclear(answer, title);
  }

  /** Published APIs for messages have no idempotency key; one that has overrides this. */
  @Override
  public boolean receiverDeduplicates() {
    return false;
  }

  @Override
  public final List<FieldProblem> checkTemplate(ActionTemplate template) {
    List<FieldProblem> problems = new ArrayList<>();
    String method = template.method() == null ? METHOD : template.method();
    checkMethodAndHeaders(problems, method, template.headers().isEmpty());
    if (template.path() == null || template.path().isEmpty()) {
      problems.add(new FieldProblem("path", "is required"));
    } else {
      add(problems, "path", PathRules.problemWithTemplate(template.path()));
    }
    // A template's body may be one placeholder, which becomes an object later.
    boolean placeholder = template.body() != null && template.body().isTextual();
    checkBody(problems, placeholder ? null : template.body());
    return List.copyOf(problems);
  }

  @Override
  public final List<FieldProblem> checkAction(Credentials credentials, RenderedAction action) {
    List<FieldProblem> problems = new ArrayList<>();
    checkMethodAndHeaders(problems, action.method(), action.headers().isEmpty());
    add(problems, "path", PathRules.problemWithRendered(action.path()));
    checkBody(problems, action.body());
    return List.copyOf(problems);
  }

  private void checkMethodAndHeaders(
      List<FieldProblem> problems, String method, boolean withoutHeaders) {
    if (!method.equals(METHOD)) {
      problems.add(new FieldProblem("method", "must be POST for " + name));
    }
    if (!withoutHeaders) {
      problems.add(new FieldProblem("headers", "cannot be given for " + name));
    }
  }

  private static void checkBody(List<FieldProblem> problems, @Nullable JsonNode body) {
    if (body != null && !body.isNull() && !body.isObject()) {
      problems.add(new FieldProblem("body", "must be an object"));
    }
  }

  private static void add(List<FieldProblem> problems, String field, @Nullable String message) {
    if (message != null) {
      problems.add(new FieldProblem(field, message));
    }
  }
}
