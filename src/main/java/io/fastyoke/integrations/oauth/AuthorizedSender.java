package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.certificates.TlsFields;
import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.fastyoke.integrations.vault.Credentials;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sends requests of connections, with their own certificates where they have some, and with an
 * access token where their credentials say how to get one; all others go straight to egress.
 */
@Singleton
public final class AuthorizedSender {
  private final Sender sender;
  private final AccessTokens tokens;
  private final Consumer<String> forgetTls;
  private final AtomicLong tests = new AtomicLong();

  @Inject
  AuthorizedSender(Egress egress, AccessTokens tokens) {
    this(egress::send, tokens, egress::forgetTls);
  }

  /**
   * @param forgetTls drops what is kept of the certificates of a connection
   */
  AuthorizedSender(Sender sender, AccessTokens tokens, Consumer<String> forgetTls) {
    this.sender = sender;
    this.tokens = tokens;
    this.forgetTls = forgetTls;
  }

  /**
   * Sends a request. Every outcome on the network is an item; the Uni completes on the Vert.x
   * context of its subscriber, if there is one.
   *
   * @param request as the provider's adapter made it, with {@link BearerHeader#TO_COME} where a
   *     token belongs
   */
  public Uni<SendOutcome> send(
      Account account, OutboundRequest request, AuthorizedSend.Rules rules) {
    if (TlsFields.areIn(account.credentials())) {
      return sendOver(account, request.with(tls(account)), rules);
    }
    return sendOver(account, request, rules);
  }

  private static ClientTls tls(Account account) {
    CredentialVersion version = account.version();
    String owner = version.connection().toString();
    return TlsFields.of(account.credentials(), owner, version.name(), true);
  }

  private Uni<SendOutcome> sendOver(
      Account account, OutboundRequest request, AuthorizedSend.Rules rules) {
    if (!OAuth2Fields.areIn(account.credentials())) {
      return sender
          .send(request, rules.connectWithin().get(), rules.repeatable(), rules.mayWrite())
          .map(SendOutcome.Exchanged::of);
    }
    return Uni.createFrom()
        .deferred(() -> new AuthorizedSend(sender, tokens, account, request, rules).run());
  }

  /**
   * Sends a request that tests credentials. A token for it is asked for now, whether or not there
   * is one, and is not kept; with certificates of its own, neither is the connection.
   */
  public Uni<SendOutcome> sendTest(
      TenantId tenant, Credentials credentials, OutboundRequest plain) {
    OutboundRequest request =
        TlsFields.areIn(credentials) ? plain.with(tlsOfTest(credentials)) : plain;
    return OAuth2Fields.areIn(credentials)
        ? Uni.createFrom().deferred(() -> sendFresh(tenant, credentials, request))
        : sendNow(request).map(SendOutcome.Exchanged::of);
  }

  private ClientTls tlsOfTest(Credentials credentials) {
    String name = "test/" + tests.incrementAndGet();
    return TlsFields.of(credentials, name, name, false);
  }

  /** Drops token and certificates of a connection that has changed or is no more. */
  public void forget(UUID connection) {
    tokens.forget(connection);
    forgetTls.accept(connection.toString());
  }

  private Uni<SendOutcome> sendFresh(
      TenantId tenant, Credentials credentials, OutboundRequest request) {
    long start = System.nanoTime();
    return tokens
        .fresh(OAuth2Fields.grant(credentials, request.tls()), tenant, request.deadline())
        .chain(
            result -> {
              if (result instanceof Failed failed) {
                return Uni.createFrom().item(new SendOutcome.NoToken(failed, since(start)));
              }
              Duration left = request.deadline().minus(since(start));
              return sendNow(BearerHeader.in(request, (Granted) result, credentials, left))
                  .map(exchange -> new SendOutcome.Exchanged(exchange, true, since(start)));
            });
  }

  private Uni<Exchange> sendNow(OutboundRequest request) {
    return sender.send(request, request.deadline(), true, () -> true);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
