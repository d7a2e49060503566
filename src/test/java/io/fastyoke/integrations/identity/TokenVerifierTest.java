package io.fastyoke.integrations.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final String PAYLOAD = "{\"sub\":\"u1\"}";
  private static final KeyPair RSA = rsa(2048);
  private static final KeyPair P256 = ec("secp256r1");

  @Test
  void acceptsRs256UnderAnRsaKey() {
    String token = Jwts.sign("SHA256withRSA", "{\"alg\":\"RS256\"}", PAYLOAD, RSA.getPrivate());
    assertThat(verify(token, RSA)).isEqualTo("u1");
  }

  @Test
  void acceptsEs256UnderAP256Key() {
    String token = es256("{\"alg\":\"ES256\"}");
    assertThat(verify(token, P256)).isEqualTo("u1");
  }

  @Test
  void refusesEs256WhoseSignatureIsZero() {
    String input = Jwts.input("{\"alg\":\"ES256\"}", PAYLOAD);
    assertRefused(input + "." + Jwts.base64(new byte[64]), P256);
    assertRefused(input + "." + Jwts.base64(new byte[0]), P256);
  }

  @Test
  void refusesEs256WhoseSignatureIsDerOrHasTheOrderOfTheCurve() {
    assertRefused(
        Jwts.sign("SHA256withECDSA", "{\"alg\":\"ES256\"}", PAYLOAD, P256.getPrivate()), P256);
    byte[] order = ((ECPrivateKey) P256.getPrivate()).getParams().getOrder().toByteArray();
    byte[] n = Arrays.copyOfRange(order, order.length - 32, order.length);
    byte[] signature = Arrays.copyOf(n, 64);
    System.arraycopy(n, 0, signature, 32, 32);
    assertRefused(Jwts.input("{\"alg\":\"ES256\"}", PAYLOAD) + "." + Jwts.base64(signature), P256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void refusesAnHmacMadeWithThePublicKey(String algorithm) {
    String mac = algorithm.replace("HS", "HmacSHA");
    String header = "{\"alg\":\"" + algorithm + "\"}";
    for (KeyPair pair : new KeyPair[] {RSA, P256}) {
      byte[] der = pair.getPublic().getEncoded();
      for (byte[] secret : new byte[][] {der, pem(der).getBytes(UTF_8)}) {
        assertRefused(Jwts.sign(mac, header, PAYLOAD, secret), pair);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS384", "RS512", "PS256", "PS384", "ES256", "none", "HS256"})
  void refusesAnotherAlgorithmInTheHeaderOfAGoodSignature(String algorithm) {
    String header = "{\"alg\":\"" + algorithm + "\"}";
    assertRefused(Jwts.sign("SHA256withRSA", header, PAYLOAD, RSA.getPrivate()), RSA);
  }

  @Test
  void refusesOtherRsaAlgorithmsThatAreHonestlySigned() {
    for (String bits : new String[] {"384", "512"}) {
      String header = "{\"alg\":\"RS" + bits + "\"}";
      assertRefused(Jwts.sign("SHA" + bits + "withRSA", header, PAYLOAD, RSA.getPrivate()), RSA);
    }
  }

  @Test
  void readsAPemKeyWithRealOrEscapedLineBreaks() {
    String pem = pem(RSA.getPublic().getEncoded());
    assertThat(PemKey.parse(pem).algorithm()).isEqualTo("RS256");
    assertThat(PemKey.parse(pem.replace("\n", "\\n")).key()).isEqualTo(RSA.getPublic());
    assertThat(PemKey.parse(pem(P256.getPublic().getEncoded())).algorithm()).isEqualTo("ES256");
  }

  @Test
  void refusesWeakOrWrongPemKeys() {
    for (KeyPair pair : new KeyPair[] {rsa(1024), ec("secp384r1"), ec("secp521r1")}) {
      String pem = pem(pair.getPublic().getEncoded());
      assertThatThrownBy(() -> PemKey.parse(pem)).isInstanceOf(IllegalArgumentException.class);
    }
    String secret = pem(RSA.getPrivate().getEncoded());
    assertThatThrownBy(() -> PemKey.parse(secret)).isInstanceOf(IllegalArgumentException.class);
    String labelled = secret.replace("PUBLIC", "PRIVATE");
    assertThatThrownBy(() -> PemKey.parse(labelled)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String verify(String token, KeyPair pair) {
    VerificationKey key =
        new VerificationKey(KeySet.algorithmOf(pair.getPublic()), pair.getPublic());
    return new TokenVerifier(KeySource.of(key))
        .verify(token)
        .await()
        .indefinitely()
        .getClaimValueAsString("sub");
  }

  private static void assertRefused(String token, KeyPair pair) {
    assertThatThrownBy(() -> verify(token, pair)).isInstanceOf(RefusedTokenException.class);
  }

  private static String es256(String header) {
    // P1363 is the form of JWS: r and s side by side, not DER.
    return Jwts.sign("SHA256withECDSAinP1363Format", header, PAYLOAD, P256.getPrivate());
  }

  static String pem(byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An unsigned big-endian number in base64url, as JWKs have it. */
  static String number(BigInteger value, int bytes) {
    byte[] raw = value.toByteArray();
    byte[] fixed = new byte[bytes];
    int length = Math.min(raw.length, bytes);
    System.arraycopy(raw, raw.length - length, fixed, bytes - length, length);
    return Jwts.base64(fixed);
  }
}
