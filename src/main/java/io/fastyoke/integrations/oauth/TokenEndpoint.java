package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.RetryAfter;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Kind;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks a token endpoint once, and reads what it answers. */
final class TokenEndpoint {
  private static final Logger LOG = Logger.getLogger(TokenEndpoint.class);
  private static final String WHO = "The token endpoint ";

  /** Nothing came in time. */
  static final Failed TOO_LATE =
      new Failed(Kind.UNREACHABLE, WHO + "did not answer in time.", null, null);

  private static final Failed FAULT =
      new Failed(Kind.UNREACHABLE, WHO + "could not be asked.", null, null);

  private final Function<OutboundRequest, Uni<Exchange>> sender;
  private final InstantSource clock;

  /**
   * @param sender sends a request once; its Uni does not fail
   */
  TokenEndpoint(Function<OutboundRequest, Uni<Exchange>> sender, InstantSource clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /** What came of it: one of the two. */
  record Asked(TokenAnswer.@Nullable Token token, @Nullable Failed failed) {
    Failed failure() {
      return Objects.requireNonNull(failed, "there is a token");
    }
  }

  /**
   * Asks for a token; the Uni does not fail.
   *
   * @param grant with what; called when the Uni is subscribed to
   * @param within bounds the whole request, to the last byte of the answer
   */
  Uni<Asked> ask(Supplier<ClientGrant> grant, TenantId tenant, Duration within) {
    return Uni.createFrom()
        .deferred(() -> send(TokenRequest.of(grant.get(), tenant), within))
        .map(this::judge)
        .onFailure()
        .recoverWithItem(TokenEndpoint::fault);
  }

  private Uni<Exchange> send(TokenRequest request, Duration within) {
    return sender.apply(request.within(within)).onTermination().invoke(request::close);
  }

  /** One of ours: the message may quote what was sent. */
  private static Asked fault(Throwable fault) {
    LOG.errorf("a token cannot be asked for (%s)", fault.getClass().getName());
    return new Asked(null, FAULT);
  }

  private Asked judge(Exchange exchange) {
    if (exchange instanceof Exchange.Answered answer) {
      Asked asked = judge(answer);
      Arrays.fill(answer.body(), (byte) 0);
      return asked;
    }
    return exchange instanceof NotSent notSent ? notSent(notSent) : broken(exchange);
  }

  private Asked judge(Exchange.Answered answer) {
    int status = answer.status();
    boolean success = status >= 200 && status <= 299;
    TokenAnswer.Token token =
        success && !answer.truncated() ? TokenAnswer.token(answer.body()) : null;
    if (token != null) {
      return new Asked(token, null);
    }
    String code = answer.truncated() ? null : TokenAnswer.errorCode(answer.body());
    String said = WHO + "answered " + status + (code == null ? "" : " (" + code + ")");
    String note = answer.note() == null ? "" : " " + answer.note();
    String message = said + (success ? ", but with no token that can be sent." : ".") + note;
    Duration wait = RetryAfter.standard(answer, clock.instant()).orElse(null);
    return new Asked(null, new Failed(kind(status), message, status, wait));
  }

  private static Kind kind(int status) {
    if (status == 408 || status == 429) {
      return Kind.REFUSED_FOR_NOW;
    }
    return status >= 400 && status <= 499 ? Kind.REFUSED : Kind.UNREACHABLE;
  }

  private static Asked notSent(NotSent notSent) {
    return switch (notSent.cause()) {
      case BLOCKED -> failed(Kind.BLOCKED, "Of the token endpoint: " + notSent.message());
      case CLIENT_CERTIFICATE ->
          failed(Kind.UNREACHABLE_FOR_GOOD, WHO + "could not be reached: " + notSent.message());
      case UNREACHABLE, ABANDONED ->
          failed(Kind.UNREACHABLE, WHO + "could not be reached: " + notSent.message());
    };
  }

  private static Asked broken(Exchange exchange) {
    return switch (((Exchange.Broken) exchange).fault()) {
      case TIMEOUT -> new Asked(null, TOO_LATE);
      case CONNECTION_LOST ->
          failed(Kind.UNREACHABLE, WHO + "closed the connection without an answer.");
      case PROTOCOL_ERROR -> failed(Kind.UNREACHABLE, WHO + "gave an answer that is not HTTP.");
    };
  }

  private static Asked failed(Kind kind, String message) {
    return new Asked(null, new Failed(kind, message, null, null));
  }
}
