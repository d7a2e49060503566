package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.identity.TenantId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final UUID CONNECTION = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
  private static final SealContext CONTEXT =
      new SealContext(new TenantId("acme"), CONNECTION, "sendgrid");

  // Computed with another implementation (Python's cryptography) from the description of the
  // format: a change here means that stored rows no longer open.
  private static final String GOLDEN =
      "01"
          + "69fe0a7ee3c7a584"
          + "a0a1a2a3a4a5a6a7a8a9aaab"
          + "e61a7c2a24bb6be00900fed3077ac48d3782211094c5270bf56148867fab7764a734"
          + "f03bb7eb8f53300751a8b025acca3e";

  private static EncryptionKey key(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return new EncryptionKey(bytes);
  }

  private static Vault vault(EncryptionKey active, EncryptionKey... retired) {
    return new Vault(new KeyRing(active, List.of(retired)));
  }

  private static Credentials credentials() {
    Map<String, Secret> fields = new LinkedHashMap<>();
    fields.put("api_key", Secret.ofUtf8("SG.x"));
    fields.put("region", Secret.ofUtf8("eu"));
    return new Credentials(fields);
  }

  @Test
  void sealsTheDocumentedBytes() {
    SecureRandom fixed =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) (0xa0 + i);
            }
          }
        };
    Vault vault = new Vault(new KeyRing(key(0), List.of()), fixed);
    assertThat(HEX.formatHex(vault.seal(CONTEXT, credentials()))).isEqualTo(GOLDEN);
  }

  @Test
  void opensTheDocumentedBytes() {
    try (Credentials opened = vault(key(0)).open(CONTEXT, HEX.parseHex(GOLDEN))) {
      assertThat(opened.names()).containsExactly("api_key", "region");
      assertThat(opened.get("api_key").orElseThrow().expose()).asString().isEqualTo("SG.x");
      assertThat(opened.get("region").orElseThrow().expose()).asString().isEqualTo("eu");
    }
  }

  @Test
  void usesAnotherNonceEachTime() {
    Vault vault = vault(key(0));
    byte[] one = vault.seal(CONTEXT, credentials());
    byte[] two = vault.seal(CONTEXT, credentials());
    assertThat(vault.seals()).isEqualTo(2);
    assertThat(SealedBlob.nonce(one)).isNotEqualTo(SealedBlob.nonce(two));
    assertThat(Arrays.copyOfRange(one, 21, one.length))
        .isNotEqualTo(Arrays.copyOfRange(two, 21, two.length));
  }

  @Test
  void refusesEveryFlippedBit() {
    Vault vault = vault(key(0), key(1));
    byte[] sealed = HEX.parseHex(GOLDEN);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      refused(vault, CONTEXT, flipped);
    }
  }

  @Test
  void refusesEveryTruncationAndAnExtraByte() {
    Vault vault = vault(key(0));
    byte[] sealed = HEX.parseHex(GOLDEN);
    for (int length = 0; length < sealed.length; length++) {
      refused(vault, CONTEXT, Arrays.copyOf(sealed, length));
    }
    refused(vault, CONTEXT, Arrays.copyOf(sealed, sealed.length + 1));
  }

  @Test
  void refusesAnotherContext() {
    Vault vault = vault(key(0));
    byte[] sealed = HEX.parseHex(GOLDEN);
    TenantId acme = CONTEXT.tenant();
    refused(vault, new SealContext(new TenantId("acme2"), CONNECTION, "sendgrid"), sealed);
    refused(vault, new SealContext(acme, UUID.randomUUID(), "sendgrid"), sealed);
    refused(vault, new SealContext(acme, CONNECTION, "twilio"), sealed);
  }

  @Test
  void bindsTheKeyIdEvenWhenBothKeysAreInTheRing() {
    byte[] sealed = HEX.parseHex(GOLDEN);
    byte[] renamed = sealed.clone();
    System.arraycopy(key(1).id().bytes(), 0, renamed, 1, 8);
    refused(vault(key(0), key(1)), CONTEXT, renamed);
  }

  @Test
  void additionalDataKeepsNeighboursApart() {
    KeyId id = key(0).id();
    byte[] one =
        SealedBlob.additionalData(id, new SealContext(new TenantId("ab"), CONNECTION, "c"));
    byte[] two =
        SealedBlob.additionalData(id, new SealContext(new TenantId("a"), CONNECTION, "bc"));
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void opensUnderARetiredKeyAndSealsUnderTheActiveOne() {
    byte[] old = HEX.parseHex(GOLDEN);
    KeyRing ring = new KeyRing(key(1), List.of(key(0)));
    Vault vault = new Vault(ring);
    assertThat(ring.idOf(old)).isEqualTo(new KeyId("69fe0a7ee3c7a584")).isNotEqualTo(ring.active());
    byte[] renewed = vault.seal(CONTEXT, vault.open(CONTEXT, old));
    assertThat(ring.idOf(renewed)).isEqualTo(ring.active());
    assertThat(vault(key(1)).open(CONTEXT, renewed).names()).hasSize(2);
    refused(vault(key(0)), CONTEXT, renewed);
  }

  @Test
  void keepsEveryKindOfValue() {
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 'x');
    Map<String, Secret> fields = new LinkedHashMap<>();
    fields.put("empty", Secret.ofUtf8(""));
    fields.put("headers.X-Größe", Secret.ofUtf8("ü€😀"));
    fields.put("large", Secret.owning(large));
    Vault vault = vault(key(0));
    byte[] sealed = vault.seal(CONTEXT, new Credentials(fields));
    try (Credentials opened = vault.open(CONTEXT, sealed)) {
      assertThat(opened.names()).containsExactly("empty", "headers.X-Größe", "large");
      assertThat(opened.get("headers.X-Größe").orElseThrow().asPublicText()).isEqualTo("ü€😀");
      assertThat(opened.get("large").orElseThrow().expose()).isEqualTo(large);
    }
  }

  @Test
  void namesHaveAtMost65535Bytes() {
    Vault vault = vault(key(0));
    Credentials longest = new Credentials(Map.of("n".repeat(0xFFFF), Secret.ofUtf8("x")));
    assertThat(vault.open(CONTEXT, vault.seal(CONTEXT, longest)).names())
        .containsExactly("n".repeat(0xFFFF));
    Credentials longer = new Credentials(Map.of("n".repeat(0x10000), Secret.ofUtf8("x")));
    assertThatThrownBy(() -> vault.seal(CONTEXT, longer))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0001",
        "000100",
        "0001000161",
        "000100016100000002ff",
        "0001000161ffffffffff",
        "000100016100000001ffff",
        "000200016100000001ff"
      })
  void refusesWhatIsNoEncodingOfCredentials(String encoded) {
    assertThatThrownBy(() -> CredentialsCodec.decode(HEX.parseHex(encoded)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not encoded credentials");
  }

  @Test
  void closingWipesWhatWasOpenedAndWhatWasMadeOfIt() {
    Credentials opened = vault(key(0)).open(CONTEXT, HEX.parseHex(GOLDEN));
    byte[] bytes = opened.get("api_key").orElseThrow().expose();
    byte[] made = opened.track(Secret.ofUtf8("Bearer SG.x")).expose();
    assertThat(opened.derived()).hasSize(1);
    opened.close();
    assertThat(bytes).containsOnly(0);
    assertThat(made).containsOnly(0);
  }

  @Test
  void nothingPrintsItself() {
    String text = credentials() + " " + credentials().get("api_key").orElseThrow() + " " + key(0);
    assertThat(text)
        .isEqualTo("Credentials[api_key, region] [secret] EncryptionKey[69fe0a7ee3c7a584]");
  }

  private static void refused(Vault vault, SealContext context, byte[] sealed) {
    assertThatThrownBy(() -> vault.open(context, sealed))
        .isExactlyInstanceOf(UnreadableCredentialsException.class)
        .hasMessage("The credentials cannot be opened.")
        .hasNoCause();
  }
}
