package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.connections.ConnectionRequest.Trial;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.Outcome;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.events.EventLog;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.oauth.SendOutcome;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.providers.TestVerdict;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.UnreadableCredentialsException;
import io.fastyoke.integrations.vault.Vault;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tries credentials against their provider, without side effects, and keeps no body. */
@ApplicationScoped
class ConnectionTester {
  private static final Duration TEST_TIMEOUT = Duration.ofSeconds(15);

  private final TestsAtOnce running = new TestsAtOnce();
  private final ConnectionStore store;
  private final ConnectionRules rules;
  private final ProviderRegistry providers;
  private final Vault vault;
  private final EventLog events;
  private final InstantSource clock;

  ConnectionTester(
      ConnectionStore store,
      ConnectionRules rules,
      ProviderRegistry providers,
      Vault vault,
      EventLog events,
      InstantSource clock) {
    this.store = store;
    this.rules = rules;
    this.providers = providers;
    this.vault = vault;
    this.events = events;
    this.clock = clock;
  }

  /** The answer of {@code POST /{id}/test}. */
  public record TestAnswer(
      String outcome, @Nullable Integer responseStatus, int durationMs, String message) {}

  /**
   * Tests a connection, even if it is paused.
   *
   * @throws ApiException 404; 409 {@code credential_unreadable}; 429 with too many under way
   */
  Uni<TestAnswer> test(Caller caller, UUID id) {
    return running.one(
        caller.tenant(),
        () ->
            store
                .within(caller.tenant(), () -> store.required(caller.tenant(), id))
                .chain(row -> test(caller, row)));
  }

  /**
   * Tests credentials that are not stored, and does not store them.
   *
   * @throws ApiException 400, as when they are stored; 429 with too many under way
   */
  Uni<TestAnswer> test(Caller caller, Trial request) {
    ProviderClient provider = rules.trial(request);
    Credentials credentials = ConnectionRules.present(request.credentials());
    ConnectionSettings settings =
        request.settings() == null ? ConnectionSettings.DEFAULTS : request.settings();
    return running.one(
        caller.tenant(),
        () ->
            rules
                .addresses(provider, credentials)
                .chain(() -> test(caller, null, provider, credentials, settings.timeout())));
  }

  private Uni<TestAnswer> test(Caller caller, StoredConnection row) {
    ProviderClient provider =
        providers.find(row.provider).orElseThrow(() -> ApiException.notFound("provider"));
    Credentials credentials = open(caller, row);
    return ConnectionRules.closing(
        credentials, () -> test(caller, row.id, provider, credentials, row.settings().timeout()));
  }

  private Uni<TestAnswer> test(
      Caller caller,
      @Nullable UUID connection,
      ProviderClient provider,
      Credentials credentials,
      Duration timeout) {
    OutboundRequest request =
        provider.testRequest(
            caller.tenant(),
            credentials,
            timeout.compareTo(TEST_TIMEOUT) < 0 ? timeout : TEST_TIMEOUT);
    String url = provider.shown(credentials, request);
    return provider
        .sendTest(caller.tenant(), credentials, request)
        .chain(
            sent ->
                answer(caller, connection, new RequestLine(request.method(), url), provider, sent));
  }

  private Credentials open(Caller caller, StoredConnection row) {
    try {
      return vault.open(
          new SealContext(caller.tenant(), row.id, row.provider), row.sealed.credentials());
    } catch (UnreadableCredentialsException e) {
      throw ApiException.of(
          ErrorCode.CREDENTIAL_UNREADABLE,
          "The credentials cannot be opened with the service's keys. Enter them again.");
    }
  }

  private Uni<TestAnswer> answer(
      Caller caller,
      @Nullable UUID connection,
      RequestLine line,
      ProviderClient provider,
      SendOutcome sent) {
    TestVerdict verdict = provider.judgeTest(sent);
    int ms = Math.toIntExact(sent.elapsed().toMillis());
    TestAnswer answer =
        new TestAnswer(
            verdict.outcome().name().toLowerCase(Locale.ROOT),
            verdict.responseStatus(),
            ms,
            verdict.message());
    String name = provider.description().name();
    return events.append(event(caller, connection, name, line, answer)).replaceWith(answer);
  }

  private Event event(
      Caller caller,
      @Nullable UUID connection,
      String provider,
      RequestLine line,
      TestAnswer answer) {
    Instant now = clock.instant();
    boolean ok = answer.outcome().equals("ok");
    Integer status = answer.responseStatus();
    return new Event(
        TimeOrderedIds.next(now),
        caller.tenant(),
        "CONNECTION_TEST",
        ok ? Outcome.SUCCESS : Outcome.FAILURE,
        null,
        connection,
        provider,
        line,
        status == null ? null : new Answer(status, Map.of(), null, false),
        ok ? null : new Failure(answer.outcome(), answer.message()),
        answer.durationMs(),
        caller.actor(),
        now);
  }
}
