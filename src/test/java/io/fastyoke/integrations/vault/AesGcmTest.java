package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AesGcmTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Path WYCHEPROOF = Path.of("src/test/resources/vectors/aes_gcm_test.json");

  /**
   * The AES-256 cases 13 to 16 with 96-bit nonces of "The Galois/Counter Mode of Operation (GCM)",
   * appendix B, as submitted to NIST.
   */
  @ParameterizedTest
  @CsvSource(
      value = {
        "0000000000000000000000000000000000000000000000000000000000000000,"
            + "000000000000000000000000,'','','',530f8afbc74536b9a963b4f1c4cb738b",
        "0000000000000000000000000000000000000000000000000000000000000000,"
            + "000000000000000000000000,'',00000000000000000000000000000000,"
            + "cea7403d4d606b6e074ec5d3baf39d18,d0d1c8a799996bf0265b98b5d48ab919",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308,"
            + "cafebabefacedbaddecaf888,'',"
            + "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255,"
            + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad,"
            + "b094dac5d93471bdec1a502270e3cc6c",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308,"
            + "cafebabefacedbaddecaf888,feedfacedeadbeeffeedfacedeadbeefabaddad2,"
            + "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39,"
            + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662,"
            + "76fc6ece0f4e1768cddf8853bb2d551b",
      })
  void agreesWithTheSpecification(
      String key, String nonce, String aad, String plain, String ciphertext, String tag)
      throws Exception {
    byte[] sealed = AesGcm.encrypt(key(key), hex(nonce), hex(aad), hex(plain));
    assertThat(HEX.formatHex(sealed)).isEqualTo(ciphertext + tag);
    assertThat(AesGcm.decrypt(key(key), hex(nonce), hex(aad), sealed, 0)).isEqualTo(hex(plain));
  }

  @Test
  void agreesWithWycheproof() throws Exception {
    int run = 0;
    for (JsonNode group : new ObjectMapper().readTree(WYCHEPROOF.toFile()).get("testGroups")) {
      if (group.get("keySize").asInt() == 256 && group.get("ivSize").asInt() == 96) {
        for (JsonNode test : group.get("tests")) {
          wycheproof(test);
          run++;
        }
      }
    }
    assertThat(run).isEqualTo(66);
  }

  private static void wycheproof(JsonNode test) throws Exception {
    byte[] nonce = hex(test.get("iv").asText());
    byte[] aad = hex(test.get("aad").asText());
    byte[] plain = hex(test.get("msg").asText());
    byte[] sealed = hex(test.get("ct").asText() + test.get("tag").asText());
    SecretKey key = key(test.get("key").asText());
    if (test.get("result").asText().equals("valid")) {
      assertThat(AesGcm.encrypt(key, nonce, aad, plain)).as("%s", test).isEqualTo(sealed);
      assertThat(AesGcm.decrypt(key, nonce, aad, sealed, 0)).as("%s", test).isEqualTo(plain);
    } else {
      assertThatThrownBy(() -> AesGcm.decrypt(key, nonce, aad, sealed, 0))
          .as("%s", test)
          .isInstanceOf(AEADBadTagException.class);
    }
  }

  @Test
  void refusesOtherNonceSizes() {
    SecretKey key = key("00".repeat(32));
    assertThatThrownBy(() -> AesGcm.encrypt(key, new byte[1], new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AesGcm.encrypt(key, new byte[16], new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SecretKey key(String hex) {
    return new SecretKeySpec(hex(hex), "AES");
  }

  private static byte[] hex(String hex) {
    return HEX.parseHex(hex);
  }
}
