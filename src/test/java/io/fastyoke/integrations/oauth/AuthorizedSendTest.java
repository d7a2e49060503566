package io.fastyoke.integrations.oauth;

import static io.fastyoke.integrations.oauth.FakeEndpoint.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One attempt of a connection whose requests carry a token. */
class AuthorizedSendTest {
  private final FakeEndpoint network = new FakeEndpoint();
  private final AuthorizedSender sender =
      new AuthorizedSender(network, network.tokens, owner -> {});
  private final Credentials credentials = credentials();
  private final Account account =
      Account.of(TENANT, UUID.randomUUID(), new byte[] {1}, credentials);
  private final AtomicBoolean mayWrite = new AtomicBoolean(true);

  private static Credentials credentials() {
    return new Credentials(
        Map.of(
            "oauth2.token_url", Secret.ofUtf8("https://login.example.com/token"),
            "oauth2.client_id", Secret.ofUtf8("id"),
            "oauth2.client_secret", Secret.ofUtf8("hush")));
  }

  private static OutboundRequest request(Header... headers) {
    return new OutboundRequest(
        "POST",
        URI.create("https://api.example.com/x"),
        List.of(headers),
        new byte[] {'{', '}'},
        Duration.ofSeconds(30),
        Origin.TENANT,
        "p");
  }

  private List<SendOutcome> send() {
    List<SendOutcome> outcomes = new ArrayList<>();
    OutboundRequest request = request(BearerHeader.TO_COME, new Header("X-A", "b"));
    AuthorizedSend.Rules rules =
        new AuthorizedSend.Rules(true, () -> Duration.ofSeconds(9), mayWrite::get);
    sender.send(account, request, rules).subscribe().with(outcomes::add);
    return outcomes;
  }

  private static int status(List<SendOutcome> outcomes) {
    Exchange exchange = ((SendOutcome.Exchanged) outcomes.get(0)).exchange();
    return ((Exchange.Answered) exchange).status();
  }

  @Test
  void sendsTheTokenInThePlaceOfTheHeader() {
    List<SendOutcome> outcomes = send();
    assertThat(network.last().request().deadline()).isEqualTo(Duration.ofSeconds(9));
    network.last().grant("t1", 3600);
    assertThat(network.sent).hasSize(2);
    assertThat(network.last().headers()).isEqualTo("Authorization: Bearer t1\nX-A: b\n");
    assertThat(network.last().request().deadline()).isLessThan(Duration.ofSeconds(30));
    network.last().answer(200, "");
    assertThat(status(outcomes)).isEqualTo(200);
  }

  @Test
  void theTokenIsWipedAndRedactedWithTheCredentials() {
    send();
    network.last().grant("t1", 3600);
    assertThat(credentials.derived())
        .extracting(secret -> secret.asPublicText())
        .containsExactly("Bearer t1");
    Header bearer = network.last().request().headers().get(0);
    assertThat(bearer.isSecret()).isTrue();
    credentials.close();
    assertThat(bearer.value().chars()).containsOnly(0);
  }

  @Test
  void a401IsSentOnceMoreWithANewToken() {
    List<SendOutcome> outcomes = send();
    network.last().grant("t1", 3600);
    network.last().answer(401, "");
    assertThat(network.last().body()).startsWith("grant_type=");
    network.last().grant("t2", 3600);
    assertThat(network.last().headers()).contains("Bearer t2");
    network.last().answer(200, "");
    assertThat(status(outcomes)).isEqualTo(200);
    assertThat(network.sent).hasSize(4);
  }

  @Test
  void aSecond401IsTheAnswer() {
    List<SendOutcome> outcomes = send();
    network.last().grant("t1", 3600);
    network.last().answer(401, "");
    network.last().grant("t2", 3600);
    network.last().answer(401, "");
    assertThat(status(outcomes)).isEqualTo(401);
    assertThat(network.sent).hasSize(4);
  }

  /** The token of the others is dropped once: whoever comes second finds the new one. */
  @Test
  void manyRefusalsOfOneTokenAskOnce() {
    send();
    network.last().grant("t1", 3600);
    FakeEndpoint.Sent one = network.last();
    send();
    FakeEndpoint.Sent two = network.last();
    one.answer(401, "");
    network.last().grant("t2", 3600);
    two.answer(401, "");
    assertThat(network.last().headers()).contains("Bearer t2");
    assertThat(network.sent).filteredOn(sent -> sent.body().startsWith("grant")).hasSize(2);
  }

  @Test
  void withoutATokenNothingIsSent() {
    List<SendOutcome> outcomes = send();
    network.last().answer(400, "{\"error\":\"invalid_scope\"}");
    assertThat(network.sent).hasSize(1);
    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(
            SendOutcome.NoToken.class,
            none -> assertThat(none.failed().message()).contains("invalid_scope"));
  }

  @Test
  void withoutASecondTokenTheAttemptHasNone() {
    List<SendOutcome> outcomes = send();
    network.last().grant("t1", 3600);
    network.last().answer(401, "");
    network.last().answer(503, "");
    assertThat(outcomes.get(0)).isInstanceOf(SendOutcome.NoToken.class);
    assertThat(network.sent).hasSize(3);
  }

  /** While a connection was made, or the process was stopped. */
  @Test
  void aTokenThatHasEndedIsNotWritten() {
    List<SendOutcome> outcomes = send();
    network.last().grant("t1", 100);
    network.pass(Duration.ofSeconds(96));
    assertThat(network.last().mayWrite().getAsBoolean()).isFalse();
    network.last().answer().complete(abandoned());
    network.last().grant("t2", 100);
    assertThat(network.last().headers()).contains("Bearer t2");
    assertThat(network.last().mayWrite().getAsBoolean()).isTrue();
    mayWrite.set(false);
    assertThat(network.last().mayWrite().getAsBoolean()).isFalse();
    network.last().answer().complete(abandoned());
    assertThat(outcomes).hasSize(1);
    assertThat(network.sent).hasSize(4);
  }

  @Test
  void anAttemptThatMayNotWriteIsGivenUp() {
    List<SendOutcome> outcomes = send();
    network.last().grant("t1", 3600);
    mayWrite.set(false);
    network.last().answer().complete(abandoned());
    assertThat(((SendOutcome.Exchanged) outcomes.get(0)).exchange()).isEqualTo(abandoned());
    assertThat(network.sent).hasSize(2);
  }

  private static Exchange abandoned() {
    return new Exchange.NotSent(Exchange.NotSent.Cause.ABANDONED, "", Duration.ZERO);
  }

  @Test
  void aTestAsksForATokenOfItsOwn() {
    send();
    network.last().grant("t1", 3600);
    List<SendOutcome> outcomes = new ArrayList<>();
    sender
        .sendTest(TENANT, credentials, request(BearerHeader.TO_COME))
        .subscribe()
        .with(outcomes::add);
    network.last().grant("t2", 3600);
    assertThat(network.last().headers()).contains("Bearer t2");
    network.last().answer(401, "");
    assertThat(status(outcomes)).isEqualTo(401);
    send();
    assertThat(network.last().headers()).contains("Bearer t1");
  }

  @Test
  void otherCredentialsAreSentAsTheyAre() {
    Credentials plain = new Credentials(Map.of());
    Account other = Account.of(TENANT, UUID.randomUUID(), new byte[] {1}, plain);
    OutboundRequest request = request(new Header("X-A", "b"));
    AuthorizedSend.Rules rules =
        new AuthorizedSend.Rules(true, () -> Duration.ofSeconds(9), mayWrite::get);
    sender.send(other, request, rules).subscribe().with(outcome -> {});
    sender.sendTest(TENANT, plain, request).subscribe().with(outcome -> {});
    assertThat(network.sent).hasSize(2).allSatisfy(s -> assertThat(s.request()).isSameAs(request));
    assertThat(network.tokens.size()).isZero();
  }
}
