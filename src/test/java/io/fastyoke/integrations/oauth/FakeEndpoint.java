package io.fastyoke.integrations.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Secret;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A network whose answers the test gives, a clock that the test moves, and what is sent over it.
 */
final class FakeEndpoint implements Sender, TokenTimers {
  static final TenantId TENANT = new TenantId("acme");
  static final Duration WITHIN = Duration.ofSeconds(30);

  /** One request on its way. */
  record Sent(
      OutboundRequest request,
      String headers,
      String body,
      BooleanSupplier mayWrite,
      UniEmitter<? super Exchange> answer) {

    void answer(int status, String body, String... header) {
      List<Map.Entry<String, String>> headers =
          header.length == 0 ? List.of() : List.of(Map.entry(header[0], header[1]));
      answer.complete(
          new Exchange.Answered(status, headers, body.getBytes(UTF_8), false, Duration.ZERO));
    }

    /** A token that lives so many seconds. */
    void grant(String token, int seconds) {
      answer(
          200,
          "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
              .formatted(token, seconds));
    }
  }

  /** A timer that has not run. */
  record Timer(long at, Runnable task) {}

  final List<Sent> sent = new ArrayList<>();
  final List<Timer> timers = new ArrayList<>();
  private long nanos = -5; // a clock of this kind may begin anywhere
  final AccessTokens tokens = new AccessTokens(this, this, () -> Instant.EPOCH);

  @Override
  public Uni<Exchange> send(
      OutboundRequest request, Duration connecting, boolean repeatable, BooleanSupplier mayWrite) {
    StringBuilder headers = new StringBuilder();
    for (Header header : request.headers()) {
      headers.append(header.name()).append(": ").append(header.value()).append('\n');
    }
    byte[] body = request.body();
    String text = body == null ? "" : new String(body, US_ASCII);
    return Uni.createFrom()
        .emitter(
            emitter -> sent.add(new Sent(request, headers.toString(), text, mayWrite, emitter)));
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Runnable after(long millis, Runnable task) {
    Timer timer = new Timer(nanos + millis * 1_000_000, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  /** Moves the clock, and runs the timers that are due. */
  void pass(Duration time) {
    nanos += time.toNanos();
    List<Timer> due = timers.stream().filter(timer -> timer.at() <= nanos).toList();
    timers.removeAll(due);
    due.forEach(timer -> timer.task().run());
  }

  Sent last() {
    return sent.get(sent.size() - 1);
  }

  static ClientGrant grant(boolean inBody, Map<String, Secret> parameters) {
    return new ClientGrant(
        URI.create("https://login.example.com/token"),
        Secret.ofUtf8("the client"),
        Secret.ofUtf8("p%:s/ü"),
        inBody,
        parameters,
        null);
  }

  static CredentialVersion version(UUID connection, int number) {
    return new CredentialVersion(connection, new byte[] {(byte) number});
  }

  /** Asks for the token of a connection; the result comes into the list. */
  List<TokenResult> ask(CredentialVersion version, Duration within) {
    List<TokenResult> results = new ArrayList<>();
    tokens
        .get(version, () -> grant(false, Map.of()), TENANT, within)
        .subscribe()
        .with(results::add);
    return results;
  }

  static String text(TokenResult result) {
    return ((TokenResult.Granted) result).token().asPublicText();
  }
}
