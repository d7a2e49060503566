package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingLoaderTest {
  private static final String A =
      "b94c03c96b7b7ca09c3eceac643ee4893717699d3c58616f695a8c3dba04a151";
  private static final String B =
      "F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEF";
  private static final String ZEROS = "0".repeat(64);

  private record Config(
      Optional<String> key,
      Optional<Path> keyFile,
      Optional<String> keysRetired,
      Optional<Path> keysRetiredFile)
      implements EncryptionConfig {
    static Config of(String key, String retired) {
      return new Config(
          Optional.ofNullable(key),
          Optional.empty(),
          Optional.ofNullable(retired),
          Optional.empty());
    }
  }

  @TempDir Path dir;

  @Test
  void readsTheActiveAndTheRetiredKeys() {
    KeyRing ring = load(true, Config.of(A, B + " , " + ("5" + A.substring(1))));
    assertThat(ring.active()).isEqualTo(new KeyId("720c194c46ca7e76"));
    assertThat(ring.keyIds()).hasSize(3).startsWith(ring.active());
    assertThat(ring.retired()).hasSize(2).doesNotContain(ring.active());
    assertThat(ring).hasToString("KeyRing" + ring.keyIds());
    assertThat(ring.holds(ring.active())).isTrue();
    assertThat(ring.holds(new KeyId("0000000000000000"))).isFalse();
  }

  @Test
  void ignoresTheCaseOfDigits() {
    assertThat(load(true, Config.of(B.toLowerCase(Locale.ROOT), null)).active())
        .isEqualTo(load(true, Config.of(B, null)).active());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void refusesAMissingKey(String key) {
    refused(true, Config.of(key, null), "ENCRYPTION_KEY is not set");
    refused(true, Config.of(null, B), "ENCRYPTION_KEY is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "secret-value",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "gg0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      })
  void refusesAMalformedKeyEverywhere(String key) {
    refused(true, Config.of(key, null), "ENCRYPTION_KEY is malformed");
    refused(false, Config.of(key, null), "ENCRYPTION_KEY is malformed");
    refused(true, Config.of(A, B + "," + key), "ENCRYPTION_KEYS_RETIRED is malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
      })
  void refusesAPlaceholder(String key) {
    refused(true, Config.of(key, null), "ENCRYPTION_KEY holds a placeholder");
    refused(true, Config.of(A, key), "ENCRYPTION_KEYS_RETIRED holds a placeholder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      })
  void aKeyThatAnyoneCanGuessIsKnownAsSuchButTaken(String key) {
    assertThat(new EncryptionKey(HexFormat.of().parseHex(key)).isGuessable()).isTrue();
    assertThat(load(true, Config.of(key, null)).keyIds()).hasSize(1);
  }

  /** As few different bytes as a random key has once in 2^60, and a beginning that counts. */
  @Test
  void aKeyThatOnlyLooksSomewhatRegularIsNotGuessable() {
    assertThat(guessable(i -> Math.max(0, i - 21))).isTrue();
    assertThat(guessable(i -> Math.max(0, i - 20))).isFalse();
    assertThat(guessable(i -> 7 * i)).isTrue();
    assertThat(guessable(i -> -i)).isTrue();
    assertThat(guessable(i -> i == 31 ? 0 : 7 * i)).isFalse();
    assertThat(guessable(i -> i == 2 ? 99 : 7 * i)).isFalse();
    assertThat(new EncryptionKey(HexFormat.of().parseHex(A)).isGuessable()).isFalse();
  }

  private static boolean guessable(IntUnaryOperator bytes) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) bytes.applyAsInt(i);
    }
    return new EncryptionKey(key).isGuessable();
  }

  @Test
  void ignoresCommasThatSeparateNothing() {
    assertThat(load(true, Config.of(A, "," + B + ",,")).keyIds()).hasSize(2);
  }

  @Test
  void refusesOneKeyTwice() {
    refused(true, Config.of(A, B + "," + A), "hold the same key twice");
    refused(true, Config.of(A, B + "," + B.toLowerCase(Locale.ROOT)), "same key twice");
  }

  @Test
  void outsideProductionAMissingOrWeakKeyPasses() {
    KeyRing zeros = load(false, Config.of(ZEROS, null));
    assertThat(load(false, Config.of(null, null)).active()).isEqualTo(zeros.active());
    assertThat(load(false, Config.of("11".repeat(32), null)).keyIds()).hasSize(1);
  }

  @Test
  void readsFiles() throws Exception {
    Path key = Files.writeString(dir.resolve("key"), "  " + A + "\r\n");
    Path retired = Files.writeString(dir.resolve("retired"), B + "\n5" + A.substring(1) + "\n");
    KeyRing ring =
        load(
            true,
            new Config(Optional.empty(), Optional.of(key), Optional.empty(), Optional.of(retired)));
    assertThat(ring.active()).isEqualTo(load(true, Config.of(A, null)).active());
    assertThat(ring.keyIds()).hasSize(3);
  }

  @Test
  void refusesFilesThatCannotBeUsed() throws Exception {
    Optional<Path> good = Optional.of(Files.writeString(dir.resolve("key"), A));
    Optional<Path> absent = Optional.of(dir.resolve("absent"));
    Optional<Path> empty = Optional.of(Files.writeString(dir.resolve("empty"), "\n"));
    Optional<String> none = Optional.empty();
    refused(true, new Config(Optional.of(A), good, none, Optional.empty()), "are both set");
    refused(true, new Config(Optional.of(A), Optional.empty(), Optional.of(B), good), "both set");
    refused(true, new Config(none, absent, none, Optional.empty()), "cannot be read");
    refused(true, new Config(none, empty, none, Optional.empty()), "ENCRYPTION_KEY is malformed");
  }

  private static KeyRing load(boolean strict, EncryptionConfig config) {
    return new KeyRingLoader(strict).load(config);
  }

  private static void refused(boolean strict, EncryptionConfig config, String message) {
    assertThatThrownBy(() -> load(strict, config))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(message)
        .hasNoCause()
        .extracting(Throwable::getMessage)
        .asString()
        .hasLineCount(1)
        .doesNotContain("secret-value", A, B);
  }
}
