package io.fastyoke.integrations.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a PEM public key (RFC 7468, section 13). */
final class PemKey {
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

  private PemKey() {}

  /**
   * Reads an RSA or P-256 key.
   *
   * @throws IllegalArgumentException for anything else, such as a private key
   */
  static VerificationKey parse(String pem) {
    Matcher matcher = PEM.matcher(pem.replace("\\n", "\n"));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a PEM public key (BEGIN PUBLIC KEY)");
    }
    PublicKey key = decode(Base64.getMimeDecoder().decode(matcher.group(1)));
    String algorithm = KeySet.algorithmOf(key);
    if (algorithm == null) {
      throw new IllegalArgumentException(
          "neither an RSA key of at least 2048 bits nor a P-256 key");
    }
    return new VerificationKey(algorithm, key);
  }

  private static PublicKey decode(byte[] der) {
    for (String type : new String[] {"RSA", "EC"}) {
      try {
        return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // Not of this type: the next one is tried.
      }
    }
    throw new IllegalArgumentException("neither an RSA nor an EC public key");
  }
}
