package io.fastyoke.integrations.oauth;

import static io.fastyoke.integrations.oauth.FakeEndpoint.WITHIN;
import static io.fastyoke.integrations.oauth.FakeEndpoint.text;
import static io.fastyoke.integrations.oauth.FakeEndpoint.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.fastyoke.integrations.oauth.TokenResult.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokensTest {
  private final FakeEndpoint network = new FakeEndpoint();
  private final UUID connection = UUID.randomUUID();
  private final CredentialVersion first = version(connection, 1);

  private List<TokenResult> ask() {
    return network.ask(first, WITHIN);
  }

  @Test
  void manyAskOnceAndAllGetTheToken() {
    List<List<TokenResult>> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      all.add(ask());
    }
    assertThat(network.sent).hasSize(1);
    network.last().grant("t1", 3600);
    assertThat(all).allSatisfy(one -> assertThat(text(one.get(0))).isEqualTo("t1"));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(network.sent).hasSize(1);
  }

  @Test
  void aCopyBelongsToItsAttempt() {
    List<TokenResult> one = ask();
    network.last().grant("t1", 3600);
    ((Granted) one.get(0)).token().close();
    assertThat(text(ask().get(0))).isEqualTo("t1");
  }

  /** Nobody waits for a renewal while the old token is good, and it is made once. */
  @ParameterizedTest
  @CsvSource({"3600, 3539, 3541, 3596", "60, 29, 31, 56", "8, 3, 5, 7"})
  void renewsAheadOfTheEnd(int life, int before, int ahead, int after) {
    ask();
    network.last().grant("t1", life);
    network.pass(Duration.ofSeconds(before));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(network.sent).hasSize(1);
    network.pass(Duration.ofSeconds(ahead - before));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(network.sent).hasSize(2);
    network.pass(Duration.ofSeconds(after - ahead));
    List<TokenResult> late = ask();
    assertThat(late).as("the old token has ended").isEmpty();
    assertThat(network.sent).hasSize(2);
    network.last().grant("t2", life);
    assertThat(text(late.get(0))).isEqualTo("t2");
    assertThat(text(ask().get(0))).isEqualTo("t2");
  }

  @Test
  void aTokenSaysWhenItHasEnded() {
    List<TokenResult> one = ask();
    network.last().grant("t1", 100);
    Granted granted = (Granted) one.get(0);
    network.pass(Duration.ofSeconds(94));
    assertThat(granted.ended().getAsBoolean()).isFalse();
    network.pass(Duration.ofSeconds(1));
    assertThat(granted.ended().getAsBoolean()).isTrue();
  }

  @Test
  void withoutALifeItLivesAnHour() {
    ask();
    network.last().answer(200, "{\"access_token\":\"t1\"}");
    network.pass(Duration.ofMinutes(58));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    network.pass(Duration.ofMinutes(2));
    assertThat(ask()).isEmpty();
  }

  @Test
  void aLifeOfNothingIsUsedByThoseWhoWaitOnly() {
    List<TokenResult> one = ask();
    List<TokenResult> two = ask();
    network.last().grant("t1", 0);
    assertThat(text(one.get(0))).isEqualTo("t1");
    assertThat(text(two.get(0))).isEqualTo("t1");
    assertThat(((Granted) one.get(0)).ended().getAsBoolean()).isFalse();
    assertThat(ask()).isEmpty();
  }

  @Test
  void aFailedRenewalKeepsTheOldTokenAndIsNotRepeatedAtOnce() {
    ask();
    network.last().grant("t1", 3600);
    network.pass(Duration.ofSeconds(3541));
    ask();
    network.last().answer(503, "");
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(network.sent).hasSize(2);
    network.pass(Duration.ofSeconds(6));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    network.last().answer(429, "", "Retry-After", "20");
    network.pass(Duration.ofSeconds(15));
    assertThat(text(ask().get(0))).isEqualTo("t1");
    assertThat(network.sent).hasSize(3);
  }

  @Test
  void allWhoWaitAreToldOfAFailureAndTheNextAsksAgain() {
    List<TokenResult> one = ask();
    List<TokenResult> two = ask();
    network.last().answer(400, "{\"error\":\"invalid_client\"}");
    assertThat(one).isEqualTo(two);
    assertThat(((Failed) one.get(0)).kind()).isEqualTo(Kind.REFUSED);
    List<TokenResult> three = ask();
    assertThat(network.sent).hasSize(2);
    network.last().grant("t1", 10);
    assertThat(text(three.get(0))).isEqualTo("t1");
  }

  @Test
  void waitsNoLongerThanItsOwnTime() {
    List<TokenResult> one = ask();
    List<TokenResult> hurried = network.ask(first, Duration.ofSeconds(2));
    assertThat(network.timers).hasSize(1);
    network.pass(Duration.ofSeconds(2));
    assertThat(((Failed) hurried.get(0)).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(one).isEmpty();
    network.last().grant("t1", 10);
    assertThat(text(one.get(0))).isEqualTo("t1");
    assertThat(hurried).hasSize(1);
  }

  /** A request has the time of the attempt that began it; others may have more. */
  @Test
  void whoHasMoreTimeThanTheRequestAsksAgain() {
    List<TokenResult> hurried = network.ask(first, Duration.ofSeconds(2));
    List<TokenResult> one = ask();
    List<TokenResult> two = ask();
    List<TokenResult> little = network.ask(first, Duration.ofSeconds(2).plusMillis(900));
    network.pass(Duration.ofSeconds(2));
    network
        .last()
        .answer()
        .complete(new Exchange.NotSent(Exchange.NotSent.Cause.UNREACHABLE, "", Duration.ZERO));
    assertThat(hurried).hasSize(1);
    assertThat(little).hasSize(1);
    assertThat(network.sent).hasSize(2);
    assertThat(network.last().request().deadline()).isEqualTo(Duration.ofSeconds(28));
    network.last().grant("t1", 10);
    assertThat(text(one.get(0))).isEqualTo("t1");
    assertThat(text(two.get(0))).isEqualTo("t1");
  }

  @Test
  void anAttemptThatLeavesDoesNotEndTheRenewal() {
    network
        .tokens
        .get(first, () -> FakeEndpoint.grant(false, Map.of()), FakeEndpoint.TENANT, WITHIN)
        .subscribe()
        .with(result -> {})
        .cancel();
    List<TokenResult> other = ask();
    assertThat(network.sent).hasSize(1);
    network.last().grant("t1", 10);
    assertThat(text(other.get(0))).isEqualTo("t1");
  }

  @Test
  void aRefusedTokenIsDroppedOnce() {
    List<TokenResult> one = ask();
    List<TokenResult> two = ask();
    network.last().grant("t1", 3600);
    network.tokens.drop(first, (Granted) one.get(0));
    ask();
    network.last().grant("t2", 3600);
    network.tokens.drop(first, (Granted) two.get(0));
    assertThat(text(ask().get(0))).isEqualTo("t2");
    assertThat(network.sent).hasSize(2);
  }

  @Test
  void anotherVersionOfTheCredentialsGetsAnotherToken() {
    ask();
    network.last().grant("t1", 3600);
    List<TokenResult> changed = network.ask(version(connection, 2), WITHIN);
    assertThat(changed).isEmpty();
    network.last().grant("t2", 3600);
    assertThat(text(changed.get(0))).isEqualTo("t2");
    assertThat(network.tokens.size()).isEqualTo(1);
  }

  /** What was asked for with the old credentials is for those who asked, and for nobody later. */
  @Test
  void aTokenOfOldCredentialsIsNotKept() {
    List<TokenResult> old = ask();
    FakeEndpoint.Sent slow = network.last();
    List<TokenResult> changed = network.ask(version(connection, 2), WITHIN);
    network.last().grant("t2", 3600);
    slow.grant("t1", 3600);
    assertThat(text(old.get(0))).isEqualTo("t1");
    assertThat(text(changed.get(0))).isEqualTo("t2");
    assertThat(text(network.ask(version(connection, 2), WITHIN).get(0))).isEqualTo("t2");
  }

  @Test
  void aConnectionThatIsForgottenHasNoToken() {
    ask();
    network.last().grant("t1", 3600);
    network.tokens.forget(connection);
    assertThat(network.tokens.size()).isZero();
    List<TokenResult> next = ask();
    network.tokens.forget(connection);
    network.last().grant("t2", 3600);
    assertThat(text(next.get(0))).isEqualTo("t2");
    assertThat(ask()).as("it came after the connection had changed").isEmpty();
  }

  @Test
  void whatHasEndedOrIsNotUsedIsDropped() {
    ask();
    network.last().grant("t1", 100);
    network.ask(version(UUID.randomUUID(), 1), WITHIN);
    network.last().grant("t2", 7200);
    network.tokens.sweep();
    assertThat(network.tokens.size()).isEqualTo(2);
    network.pass(Duration.ofSeconds(100));
    network.tokens.sweep();
    assertThat(network.tokens.size()).isEqualTo(1);
    network.pass(Duration.ofHours(1));
    network.tokens.sweep();
    assertThat(network.tokens.size()).isZero();
  }

  @Test
  void onlySoManyConnectionsHaveOne() {
    for (int i = 0; i < 4_100; i++) {
      network.ask(version(UUID.randomUUID(), 1), WITHIN);
      network.last().grant("t", 3600);
    }
    assertThat(network.tokens.size()).isEqualTo(4_000);
  }
}
