package io.fastyoke.integrations.certificates;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Reads a private key in PEM: unencrypted PKCS#8 (RFC 5208), RSA or EC. */
final class PemKey {
  private static final String LABEL = "PRIVATE KEY";
  private static final String EXPECTED =
      "must be an unencrypted PKCS#8 key in PEM: -----BEGIN PRIVATE KEY-----";
  private static final String CONVERT = "; convert it: openssl pkcs8 -topk8 -nocrypt -in FILE";
  private static final byte[] SAMPLE = {1, 2, 3, 4};

  private PemKey() {}

  /**
   * The key.
   *
   * @throws PemProblem unless it is one key in this form
   */
  static PrivateKey read(byte[] text) throws PemProblem {
    List<PemText.Block> blocks = PemText.blocks(text);
    try {
      for (PemText.Block block : blocks) {
        requireKey(block.label());
      }
      if (blocks.size() != 1) {
        throw new PemProblem(blocks.isEmpty() ? EXPECTED : "must be one key");
      }
      return key(blocks.get(0));
    } finally {
      blocks.forEach(PemText.Block::close);
    }
  }

  private static void requireKey(String label) throws PemProblem {
    if (!label.equals(LABEL)) {
      throw new PemProblem(
          switch (label) {
            case "RSA PRIVATE KEY" -> EXPECTED + "; this one is PKCS#1" + CONVERT;
            case "EC PRIVATE KEY", "EC PARAMETERS" -> EXPECTED + "; this one is SEC 1" + CONVERT;
            case "ENCRYPTED PRIVATE KEY" ->
                EXPECTED
                    + "; this one is encrypted; decrypt it: openssl pkcs8 -topk8 -nocrypt -in FILE";
            case "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY" ->
                EXPECTED + "; this one is of another kind (" + label + ")";
            case "CERTIFICATE" -> EXPECTED + "; certificates go into client_certificate";
            case "PUBLIC KEY", "RSA PUBLIC KEY" -> EXPECTED + "; this one is a public key";
            default -> EXPECTED;
          });
    }
  }

  private static PrivateKey key(PemText.Block block) throws PemProblem {
    byte[] der = block.der();
    try {
      for (String algorithm : List.of("RSA", "EC")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException another) {
          // or damaged
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA and EC", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
    throw new PemProblem(
        "cannot be read: it must be an RSA key, or an EC key on P-256, P-384 or P-521");
  }

  /** Whether both are of one pair. */
  static boolean belongs(PrivateKey key, PublicKey to) {
    if (key instanceof RSAPrivateKey own && to instanceof RSAPublicKey other) {
      return own.getModulus().equals(other.getModulus());
    }
    return key instanceof ECPrivateKey own
        && to instanceof ECPublicKey other
        && own.getParams().getCurve().equals(other.getParams().getCurve())
        && verifies(own, other);
  }

  private static boolean verifies(ECPrivateKey key, ECPublicKey with) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(with);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
