package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JwksKeysTest {
  private static final KeyPair RSA = TokenVerifierTest.rsa(2048);
  private static final KeyPair OTHER_RSA = TokenVerifierTest.rsa(2048);
  private static final KeyPair EC = TokenVerifierTest.ec("secp256r1");

  private final List<UniEmitter<? super String>> reads = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-23T00:00:00Z");
  private int changes;
  private final JwksKeys keys =
      new JwksKeys(
          () -> Uni.createFrom().emitter(reads::add),
          () -> Runnable::run,
          () -> now,
          () -> changes++);

  @Test
  void aTokenWaitsForTheFirstRead() {
    UniAssertSubscriber<VerificationKey> waiting = find("r1");
    waiting.assertNotTerminated();
    reads.get(0).complete(set(rsa("r1", RSA)));
    assertThat(waiting.awaitItem().getItem().algorithm()).isEqualTo("RS256");
  }

  @Test
  void aSetThatCannotBeReadAgainIsNotUsedForEver() {
    load(set(rsa("r1", RSA)));
    now = now.plus(JwksKeys.MAX_USE).minusSeconds(1);
    failRead(1);
    find("r1").assertCompleted();
    now = now.plusSeconds(1);
    failRead(2);
    UniAssertSubscriber<VerificationKey> waiting = find("r1");
    now = now.plus(JwksKeys.MIN_INTERVAL);
    assertThat(waiting.awaitFailure().getFailure()).isInstanceOf(KeysUnavailableException.class);
    waiting = find("r1");
    reads.get(3).complete(set(rsa("r1", RSA)));
    waiting.awaitItem();
  }

  private void failRead(int index) {
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(index).fail(new IllegalStateException("the publisher is away"));
  }

  @Test
  void saysWhenTheSetIsAnother() {
    load(set(rsa("r1", RSA)));
    assertThat(changes).isEqualTo(1);
    reload(1, set(rsa("r1", RSA)));
    assertThat(changes).isEqualTo(1);
    reload(2, set(rsa("r2", OTHER_RSA)));
    assertThat(changes).isEqualTo(2);
  }

  private void reload(int index, String set) {
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(index).complete(set);
  }

  @Test
  void manyTokensShareOneRead() {
    List<UniAssertSubscriber<VerificationKey>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(find("r1"));
    }
    assertThat(reads).hasSize(1);
    reads.get(0).complete(set(rsa("r1", RSA)));
    waiting.forEach(UniAssertSubscriber::assertCompleted);
  }

  @Test
  void unknownKeyIdsReadAtMostEveryTenSeconds() {
    load(set(rsa("r1", RSA)));
    for (int i = 0; i < 50; i++) {
      find("made-up-" + i).assertFailedWith(RefusedTokenException.class);
    }
    assertThat(reads).hasSize(1);
    now = now.plus(JwksKeys.MIN_INTERVAL);
    UniAssertSubscriber<VerificationKey> waiting = find("r2");
    reads.get(1).complete(set(rsa("r1", RSA), rsa("r2", OTHER_RSA)));
    assertThat(waiting.awaitItem().getItem().key()).isEqualTo(OTHER_RSA.getPublic());
    find("made-up").assertFailedWith(RefusedTokenException.class);
    assertThat(reads).hasSize(2);
  }

  @Test
  void aRevokedKeyIsGoneAfterTheNextRead() {
    load(set(rsa("r1", RSA), rsa("r2", OTHER_RSA)));
    find("r1").assertCompleted();
    now = now.plus(Duration.ofMinutes(5));
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(1).complete(set(rsa("r2", OTHER_RSA)));
    find("r1").assertFailedWith(RefusedTokenException.class);
    find("r2").assertCompleted();
  }

  @Test
  void aFailedReadKeepsTheLastGoodSet() {
    load(set(rsa("r1", RSA)));
    for (String answer : new String[] {"", "{}", "<html>", "{\"keys\":[]}", "{\"keys\":7}"}) {
      keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
      reads.get(reads.size() - 1).complete(answer);
      find("r1").assertCompleted();
    }
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(reads.size() - 1).fail(new IllegalStateException("status 500"));
    find("r1").assertCompleted();
  }

  @Test
  void withoutAnyKeysNothingCanBeJudged() {
    UniAssertSubscriber<VerificationKey> waiting = find("r1");
    reads.get(0).fail(new IllegalStateException("status 500"));
    waiting.assertFailedWith(KeysUnavailableException.class);
    find("r1").assertFailedWith(KeysUnavailableException.class);
    assertThat(reads).hasSize(1);
  }

  @Test
  void aTokenWithoutKeyIdNeedsTheSetToHaveOneKey() {
    load(set(rsa("r1", RSA)));
    find(null).assertCompleted();
    now = now.plus(Duration.ofMinutes(5));
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(1).complete(set(rsa("r1", RSA), ec("e1")));
    find(null).assertFailedWith(RefusedTokenException.class);
  }

  @Test
  void theKindOfKeyDecidesTheAlgorithm() {
    load(set(rsa("r1", RSA), ec("e1")));
    assertThat(find("e1").assertCompleted().getItem().algorithm()).isEqualTo("ES256");
    String payload = "{\"sub\":\"u1\"}";
    String es = "SHA256withECDSAinP1363Format";
    TokenVerifier verifier = new TokenVerifier(keys);
    verifier
        .verify(Jwts.sign(es, "{\"alg\":\"ES256\",\"kid\":\"e1\"}", payload, EC.getPrivate()))
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .assertCompleted();
    verifier
        .verify(Jwts.sign(es, "{\"alg\":\"ES256\",\"kid\":\"r1\"}", payload, EC.getPrivate()))
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .assertFailedWith(RefusedTokenException.class);
  }

  @Test
  void leavesOutKeysThatAreNotForVerifyingTokens() {
    String oct = "{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"" + "eHh4".repeat(11) + "\"}";
    String[] unusable = {
      oct,
      rsa("r", TokenVerifierTest.rsa(1024)),
      rsa("r", RSA).replace("{", "{\"use\":\"enc\","),
      rsa("r", RSA).replace("{", "{\"alg\":\"RS512\","),
      rsa("r", RSA).replace("{", "{\"key_ops\":[\"sign\"],"),
    };
    for (String key : unusable) {
      assertThatThrownBy(() -> KeySet.parse(set(key))).isInstanceOf(IllegalArgumentException.class);
    }
    String usable = rsa("r", RSA).replace("{", "{\"use\":\"sig\",\"key_ops\":[\"verify\"],");
    assertThat(KeySet.parse(set(oct, usable)).find("r")).isPresent();
    assertThat(KeySet.parse(set(oct, usable)).find("o")).isEmpty();
  }

  private void load(String set) {
    keys.refresh().subscribe().withSubscriber(UniAssertSubscriber.create());
    reads.get(0).complete(set);
  }

  private UniAssertSubscriber<VerificationKey> find(String kid) {
    return keys.find(kid).subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  static String rsa(String kid, KeyPair pair) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    int bytes = key.getModulus().bitLength() / 8;
    return "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
        .formatted(
            kid,
            TokenVerifierTest.number(key.getModulus(), bytes),
            TokenVerifierTest.number(key.getPublicExponent(), 3));
  }

  private static String ec(String kid) {
    ECPublicKey key = (ECPublicKey) EC.getPublic();
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            kid,
            TokenVerifierTest.number(key.getW().getAffineX(), 32),
            TokenVerifierTest.number(key.getW().getAffineY(), 32));
  }
}
