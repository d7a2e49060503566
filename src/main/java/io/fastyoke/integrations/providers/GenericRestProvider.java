package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.certificates.TlsFields;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.oauth.BearerHeader;
import io.fastyoke.integrations.oauth.OAuth2Fields;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.providers.signing.AwsSignature;
import io.fastyoke.integrations.providers.signing.SigningSecrets;
import io.fastyoke.integrations.vault.Credentials;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Any endpoint of a tenant's own: JSON, with a stable delivery id and signatures. */
@Singleton
final class GenericRestProvider extends DescribedProvider {
  private static final String WHO = "The endpoint";
  private static final String AUTH_HEADER = "auth_header";
  private static final String BASIC_USERNAME = "basic.username";
  private static final String BASIC_PASSWORD = "basic.password";
  private static final Set<String> VISIBLE =
      Set.of(
          BaseUrl.FIELD,
          OAuth2Fields.CLIENT_AUTH,
          OAuth2Fields.SCOPE,
          OAuth2Fields.AUDIENCE,
          "aws_sigv4.region",
          "aws_sigv4.service");

  private final InstantSource clock;

  /** With the time of the system. */
  GenericRestProvider() {
    this(InstantSource.system());
  }

  @Inject
  GenericRestProvider(InstantSource clock) {
    super("generic_rest", VISIBLE);
    this.clock = clock;
  }

  @Override
  List<FieldProblem> between(Credentials credentials) {
    List<FieldProblem> problems = new ArrayList<>(TenantHeaders.check(credentials));
    problems.addAll(TenantQuery.check(credentials));
    credentials
        .get(BaseUrl.FIELD)
        .map(url -> BaseUrl.problem(url.asPublicText()))
        .ifPresent(message -> problems.add(CredentialRules.problem(BaseUrl.FIELD, message)));
    credentials
        .get(AUTH_HEADER)
        .map(AuthHeaders::problem)
        .ifPresent(message -> problems.add(CredentialRules.problem(AUTH_HEADER, message)));
    problems.addAll(SigningSecrets.check(credentials));
    OAuth2Fields.problems(credentials, BaseUrl::problemWithTokenUrl)
        .forEach((field, message) -> problems.add(CredentialRules.problem(field, message)));
    TlsFields.problems(credentials, clock.instant())
        .forEach((field, message) -> problems.add(CredentialRules.problem(field, message)));
    return problems;
  }

  @Override
  public Optional<URI> tenantTarget(Credentials credentials) {
    return credentials
        .get(BaseUrl.FIELD)
        .map(url -> url.asPublicText())
        .filter(url -> BaseUrl.problem(url) == null)
        .map(URI::create);
  }

  @Override
  public List<FieldProblem> checkTemplate(ActionTemplate template) {
    return GenericRestRules.template(template);
  }

  @Override
  public List<FieldProblem> checkAction(Credentials credentials, RenderedAction action) {
    List<FieldProblem> problems =
        new ArrayList<>(GenericRestRules.action(action, TenantHeaders.taken(credentials)));
    String path = TenantQuery.problemWithPath(credentials, action.path());
    if (path != null) {
      problems.add(new FieldProblem("path", path));
    }
    String message = RestBody.of(credentials, action).problem(action.body());
    if (message != null) {
      problems.add(new FieldProblem("body", message));
    }
    return List.copyOf(problems);
  }

  @Override
  public OutboundRequest request(CheckedAction checked, Delivery delivery) {
    Credentials credentials = checked.credentials();
    RenderedAction action = checked.action();
    byte @Nullable [] body =
        action.body() == null ? null : RestBody.of(credentials, action).encode(action.body());
    List<Header> headers = new ArrayList<>();
    action.headers().forEach(h -> headers.add(new Header(h.getKey(), h.getValue())));
    headers.addAll(credentialHeaders(credentials));
    if (body != null
        && headers.stream().noneMatch(h -> h.name().equalsIgnoreCase("Content-Type"))) {
      headers.add(new Header("Content-Type", OutgoingJson.CONTENT_TYPE));
    }
    headers.addAll(DeliveryHeaders.of(delivery));
    if (delivery.traceparent() != null
        && headers.stream().noneMatch(h -> h.name().equalsIgnoreCase("traceparent"))) {
      headers.add(new Header("traceparent", delivery.traceparent()));
    }
    SigningSecrets secrets = SigningSecrets.of(credentials);
    if (!secrets.isEmpty()) {
      headers.addAll(DeliveryHeaders.signed(delivery, credentials, secrets, body));
    }
    URI target = target(credentials, action.path());
    sign(credentials, action.method(), target, headers, body, delivery.now());
    return tenantRequest(
        action.method(), target, headers, body, delivery.timeout(), delivery.tenant());
  }

  @Override
  public OutboundRequest testRequest(TenantId tenant, Credentials credentials, Duration deadline) {
    URI target = target(credentials, "");
    List<Header> headers = credentialHeaders(credentials);
    sign(credentials, "GET", target, headers, null, clock.instant());
    return tenantRequest("GET", target, headers, null, deadline, tenant);
  }

  private static void sign(
      Credentials credentials,
      String method,
      URI target,
      List<Header> headers,
      byte @Nullable [] body,
      Instant now) {
    AwsSignature.of(credentials)
        .ifPresent(aws -> headers.addAll(aws.sign(method, target, headers, body, now)));
  }

  private static URI target(Credentials credentials, String path) {
    String base = required(credentials, BaseUrl.FIELD).asPublicText();
    return BaseUrl.join(base, TenantQuery.appended(credentials, path));
  }

  private static List<Header> credentialHeaders(Credentials credentials) {
    List<Header> headers = new ArrayList<>(List.of(USER_AGENT, IDENTITY));
    credentials
        .get(AUTH_HEADER)
        .ifPresent(auth -> headers.add(new Header(AuthHeaders.NAME, auth.asciiForHeader())));
    credentials
        .get(BASIC_PASSWORD)
        .ifPresent(
            password ->
                headers.add(
                    AuthHeaders.basic(
                        credentials, required(credentials, BASIC_USERNAME), password)));
    if (OAuth2Fields.areIn(credentials)) {
      headers.add(BearerHeader.TO_COME);
    }
    headers.addAll(TenantHeaders.of(credentials));
    return headers;
  }

  private static OutboundRequest tenantRequest(
      String method,
      URI target,
      List<Header> headers,
      byte @Nullable [] body,
      Duration deadline,
      TenantId tenant) {
    String pool = "tenant:" + tenant;
    return new OutboundRequest(method, target, headers, body, deadline, Origin.TENANT, pool);
  }

  @Override
  public TestVerdict judgeTest(Exchange exchange) {
    if (!(exchange instanceof Exchange.Answered answer)) {
      return TestVerdict.unanswered(exchange, WHO);
    }
    int status = answer.status();
    if (status == 401) {
      return TestVerdict.of(
          TestOutcome.UNAUTHORIZED, answer, "The endpoint refuses the credential with status 401.");
    }
    if (status == 403) {
      return TestVerdict.of(
          TestOutcome.NOT_PERMITTED, answer, "The endpoint does not permit this with status 403.");
    }
    return status >= 500
        ? TestVerdict.unclear(answer, WHO)
        : TestVerdict.of(
            TestOutcome.OK, answer, "The endpoint answered with status " + status + ".");
  }

  /** Receivers get the same delivery id on every attempt. */
  @Override
  public boolean receiverDeduplicates() {
    return true;
  }

  @Override
  String shownTarget(Credentials credentials, URI target) {
    return TenantQuery.shown(
        credentials, BasePath.shown(required(credentials, BaseUrl.FIELD).asPublicText(), target));
  }

  @Override
  public Optional<String> host(Credentials credentials) {
    return tenantTarget(credentials).map(BaseUrl::host);
  }

  @Override
  List<byte[]> places(Credentials credentials) {
    List<byte[]> places = new ArrayList<>(OAuth2Fields.parameters(credentials));
    places.addAll(TlsFields.traces(credentials));
    tenantTarget(credentials).ifPresent(url -> places.addAll(BasePath.secrets(url.toString())));
    return places;
  }

  /**
   * A parameter of the request for a token often is the address of the receiver. Certificates are
   * in no target, and found by their lines.
   */
  @Override
  boolean isSecret(String field) {
    return super.isSecret(field) && !OAuth2Fields.isParameter(field) && !TlsFields.isOne(field);
  }

  @Override
  List<byte[]> composites(Credentials credentials) {
    List<byte[]> composites = new ArrayList<>(OAuth2Fields.composites(credentials));
    composites.addAll(SigningSecrets.of(credentials).bare());
    credentials
        .get(BASIC_PASSWORD)
        .ifPresent(
            password ->
                composites.add(AuthHeaders.pair(required(credentials, BASIC_USERNAME), password)));
    return composites;
  }
}
