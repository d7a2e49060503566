package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.oauth.Account;
import io.fastyoke.integrations.oauth.SendOutcome;
import io.fastyoke.integrations.providers.Delivery;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.providers.RenderedAction;
import io.fastyoke.integrations.queue.CircuitBreaker;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.UnreadableCredentialsException;
import io.fastyoke.integrations.vault.Vault;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one attempt: renders, opens the credential, sends, and wipes the credential again. */
@ApplicationScoped
public class ActionExecutor {
  private static final Logger LOG = Logger.getLogger(ActionExecutor.class);

  /**
   * A lease outlives the attempt's own deadline by 15 s. An attempt that has not written its
   * request this long after the claim (the process was stopped, say) writes nothing: the lease
   * could end, and another replica take the run, before the answer arrives.
   */
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);

  /** Connecting ends this long before, so that a slow receiver counts as unreachable. */
  private static final Duration CONNECT_MARGIN = Duration.ofSeconds(1);

  private final ProviderRegistry providers;
  private final Vault vault;
  private final Rendering rendering;
  private final ResponseClassifier classifier;
  private final CircuitBreaker breaker;
  private final InstantSource clock;

  ActionExecutor(
      ProviderRegistry providers,
      Vault vault,
      Rendering rendering,
      ResponseClassifier classifier,
      CircuitBreaker breaker,
      InstantSource clock) {
    this.providers = providers;
    this.vault = vault;
    this.rendering = rendering;
    this.classifier = classifier;
    this.breaker = breaker;
    this.clock = clock;
  }

  /**
   * The outcome, or null when the lease was too old to send anything. Never fails for what the
   * receiver does.
   */
  public Uni<@Nullable ActionOutcome> attempt(ClaimedRun run) {
    SealedConnection connection = run.connection();
    if (connection == null) {
      return notTried(FailureCode.CONNECTION_NOT_FOUND, "There is no such connection.");
    }
    if (connection.active()) {
      return attempt(run, connection);
    }
    return connection.probeDue() ? probe(run, connection) : paused(connection);
  }

  /**
   * When the database cannot say whether it may be one, the run goes back to the queue. So it does
   * when another is, at a connection that holds: it is parked there again.
   */
  private Uni<@Nullable ActionOutcome> probe(ClaimedRun run, SealedConnection connection) {
    Uni<@Nullable Boolean> allowed =
        breaker.mayProbe(connection.id()).<@Nullable Boolean>map(probe -> probe);
    return allowed
        .onFailure()
        .recoverWithNull()
        .chain(
            probe -> {
              if (probe == null) {
                return Uni.createFrom().<@Nullable ActionOutcome>nullItem();
              }
              if (!probe && connection.settings().holds()) {
                return Uni.createFrom().<@Nullable ActionOutcome>nullItem();
              }
              return probe ? attempt(run, connection) : paused(connection);
            });
  }

  /** With one that holds, the run has waited for as long as it should. */
  private static Uni<@Nullable ActionOutcome> paused(SealedConnection connection) {
    return notTried(
        FailureCode.CONNECTION_PAUSED,
        connection.settings().holds()
            ? "The connection stayed paused for as long as it holds actions; resume it and replay the run."
            : "The connection is paused; resume it and replay the run.");
  }

  private Uni<@Nullable ActionOutcome> attempt(ClaimedRun run, SealedConnection connection) {
    ProviderClient provider = providers.find(connection.provider()).orElse(null);
    if (provider == null) {
      return notTried(
          FailureCode.CONNECTION_NOT_FOUND,
          "This version does not know the connection's provider.");
    }
    RenderedAction rendered;
    try {
      rendered = rendering.render(run, provider);
    } catch (TemplateException | IllegalArgumentException e) {
      return notTried(FailureCode.TEMPLATE_ERROR, e.getMessage());
    } catch (RuntimeException e) {
      return notRendered(run, e);
    }
    return open(run, connection, provider, rendered);
  }

  private Uni<@Nullable ActionOutcome> open(
      ClaimedRun run,
      SealedConnection connection,
      ProviderClient provider,
      RenderedAction rendered) {
    Credentials credentials;
    try {
      credentials =
          vault.open(
              new SealContext(run.tenant(), connection.id(), connection.provider()),
              connection.credentials());
    } catch (UnreadableCredentialsException e) {
      return notTried(
          FailureCode.CREDENTIAL_UNREADABLE,
          "The credentials cannot be opened with the service's keys; enter them again.");
    }
    return Uni.createFrom()
        .deferred(() -> send(run, connection, provider, rendered, credentials))
        .onTermination()
        .invoke(credentials::close);
  }

  private Uni<@Nullable ActionOutcome> send(
      ClaimedRun run,
      SealedConnection connection,
      ProviderClient provider,
      RenderedAction rendered,
      Credentials credentials) {
    if (window(run).compareTo(CONNECT_MARGIN) <= 0) {
      return Uni.createFrom().nullItem();
    }
    OutboundRequest request;
    try {
      request = provider.check(credentials, rendered).request(delivery(run, connection));
    } catch (IllegalArgumentException e) {
      return notTried(FailureCode.TEMPLATE_ERROR, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return notRendered(run, e);
    }
    Redactor redactor = provider.redactor(credentials);
    RequestLine line = new RequestLine(request.method(), provider.shown(credentials, request));
    return provider
        .send(
            Account.of(run.tenant(), connection.id(), connection.credentials(), credentials),
            request,
            () -> window(run).minus(CONNECT_MARGIN),
            () -> !window(run).isNegative())
        .map(sent -> outcome(run, sent, provider, redactor, line))
        .onTermination()
        .invoke(redactor::close);
  }

  /** How long a request may still be written. */
  private static Duration window(ClaimedRun run) {
    return WRITE_TIMEOUT.minusNanos(System.nanoTime() - run.claim().atNanos());
  }

  private @Nullable ActionOutcome outcome(
      ClaimedRun run,
      SendOutcome sent,
      ProviderClient provider,
      Redactor redactor,
      RequestLine line) {
    int ms = Math.toIntExact(sent.elapsed().toMillis());
    return sent instanceof SendOutcome.Exchanged exchanged
        ? outcome(run, exchanged.exchange(), provider, redactor, line, ms)
        : WithoutToken.outcome(((SendOutcome.NoToken) sent).failed(), line, ms);
  }

  private @Nullable ActionOutcome outcome(
      ClaimedRun run,
      Exchange exchange,
      ProviderClient provider,
      Redactor redactor,
      RequestLine line,
      int ms) {
    if (exchange instanceof Exchange.Answered answered) {
      boolean whole = run.plan().namesResponseOf(run.index());
      return classifier.classify(answered, provider, redactor, line, ms, whole);
    }
    if (exchange instanceof Exchange.NotSent notSent) {
      return switch (notSent.cause()) {
        case BLOCKED ->
            new ActionOutcome.NotTried(
                new Failure(FailureCode.BLOCKED_ADDRESS, notSent.message()), line);
        case UNREACHABLE, CLIENT_CERTIFICATE ->
            new ActionOutcome.NotReached(
                line,
                new Failure(FailureCode.UNREACHABLE, notSent.message()),
                ms,
                notSent.cause() == Exchange.NotSent.Cause.CLIENT_CERTIFICATE);
        case ABANDONED -> null;
      };
    }
    Exchange.Broken broken = (Exchange.Broken) exchange;
    FailureCode code =
        switch (broken.fault()) {
          case TIMEOUT -> FailureCode.TIMEOUT;
          case CONNECTION_LOST -> FailureCode.CONNECTION_LOST;
          case PROTOCOL_ERROR -> FailureCode.PROTOCOL_ERROR;
        };
    return new ActionOutcome.Unanswered(line, new Failure(code, broken.message()), ms);
  }

  private Delivery delivery(ClaimedRun run, SealedConnection connection) {
    return new Delivery(
        run.tenant(),
        connection.id(),
        run.progress().deliveryId(),
        run.attempt(),
        clock.instant(),
        run.plan().transitionEventType(),
        connection.settings().timeout(),
        traceparent(run));
  }

  /** Without a span of its own the attempt still has an id of its own in the caller's trace. */
  private static @Nullable String traceparent(ClaimedRun run) {
    String own = run.current().traceparent();
    return own == null ? TraceParent.child(run.plan().traceparent()) : own;
  }

  /** A fault of ours: the message may quote what the tenant sent. */
  private static Uni<@Nullable ActionOutcome> notRendered(ClaimedRun run, RuntimeException fault) {
    LOG.errorf("run %s: the action cannot be rendered (%s)", run.id(), fault.getClass().getName());
    return notTried(FailureCode.TEMPLATE_ERROR, "The action could not be rendered.");
  }

  private static Uni<@Nullable ActionOutcome> notTried(FailureCode code, @Nullable String message) {
    return Uni.createFrom()
        .item(new ActionOutcome.NotTried(new Failure(code, String.valueOf(message)), null));
  }
}
