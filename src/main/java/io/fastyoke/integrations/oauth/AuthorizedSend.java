package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One attempt of a connection whose requests carry a token: gets it, sends, and once more with a
 * new one when the receiver answers 401, which says that it did nothing. All of it within the
 * request's own deadline.
 */
public final class AuthorizedSend {
  private static final int UNAUTHORIZED = 401;

  private final Sender sender;
  private final AccessTokens tokens;
  private final Account account;
  private final OutboundRequest request;
  private final Rules rules;
  private final long startedAt;

  /**
   * How one attempt may be sent.
   *
   * @param repeatable see {@link Egress#send(OutboundRequest, Duration, boolean, BooleanSupplier)}
   * @param connectWithin what is left of the time for connecting, when asked
   * @param mayWrite asked right before the first byte is written, on an event loop
   */
  public record Rules(
      boolean repeatable, Supplier<Duration> connectWithin, BooleanSupplier mayWrite) {}

  /**
   * @param request with {@link BearerHeader#TO_COME} among its headers
   */
  AuthorizedSend(
      Sender sender, AccessTokens tokens, Account account, OutboundRequest request, Rules rules) {
    this.sender = sender;
    this.tokens = tokens;
    this.account = account;
    this.request = request;
    this.rules = rules;
    this.startedAt = System.nanoTime();
  }

  Uni<SendOutcome> run() {
    return token(shorter(left(), rules.connectWithin().get()))
        .chain(
            result ->
                result instanceof Granted granted
                    ? send(granted, rules).chain(exchange -> afterFirst(granted, exchange))
                    : noToken(result));
  }

  private Uni<SendOutcome> afterFirst(Granted granted, Exchange exchange) {
    if (isRefused(exchange) && !left().isZero()) {
      tokens.drop(account.version(), granted);
      // The lease is bound to the attempt's deadline, so a second write may use all of it.
      return again(new Rules(rules.repeatable(), this::left, () -> !left().isZero()));
    }
    if (isAbandoned(exchange)
        && granted.ended().getAsBoolean()
        && rules.mayWrite().getAsBoolean()) {
      return again(rules);
    }
    return exchanged(exchange);
  }

  private Uni<SendOutcome> again(Rules within) {
    return token(shorter(left(), within.connectWithin().get()))
        .chain(
            result ->
                result instanceof Granted granted
                    ? send(granted, within).chain(this::exchanged)
                    : noToken(result));
  }

  private Uni<TokenResult> token(Duration within) {
    return tokens.get(
        account.version(),
        () -> OAuth2Fields.grant(account.credentials(), request.tls()),
        account.tenant(),
        within);
  }

  /** A token that has ended by the time there is a connection is not sent. */
  private Uni<Exchange> send(Granted granted, Rules within) {
    return sender.send(
        BearerHeader.in(request, granted, account.credentials(), left()),
        within.connectWithin().get(),
        within.repeatable(),
        () -> within.mayWrite().getAsBoolean() && !granted.ended().getAsBoolean());
  }

  private static boolean isRefused(Exchange exchange) {
    return exchange instanceof Exchange.Answered answer && answer.status() == UNAUTHORIZED;
  }

  private static boolean isAbandoned(Exchange exchange) {
    return exchange instanceof NotSent notSent && notSent.cause() == NotSent.Cause.ABANDONED;
  }

  private Uni<SendOutcome> exchanged(Exchange exchange) {
    return Uni.createFrom().item(new SendOutcome.Exchanged(exchange, true, elapsed()));
  }

  private Uni<SendOutcome> noToken(TokenResult result) {
    return Uni.createFrom().item(new SendOutcome.NoToken((Failed) result, elapsed()));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  private Duration left() {
    Duration left = request.deadline().minus(elapsed());
    return left.toMillis() <= 0 ? Duration.ZERO : left;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
