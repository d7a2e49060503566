package io.fastyoke.integrations.vault;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Ed25519 (RFC 8032) with keys as plain bytes, for signatures on what is sent. */
public final class Ed25519 {
  /** The length of a private key, and of a public one. */
  public static final int BYTES = 32;

  private static final String ALGORITHM = "Ed25519";

  private Ed25519() {}

  /**
   * The signature of the parts, one after the other: 64 bytes.
   *
   * @param seed the private key, {@link #BYTES} long
   */
  public static byte[] sign(byte[] seed, byte[]... parts) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey(seed));
      for (byte[] part : parts) {
        signature.update(part);
      }
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /**
   * Whether the second half is the public key of the first.
   *
   * @param pair twice {@link #BYTES}
   */
  public static boolean isPair(byte[] pair) {
    byte[] seed = Arrays.copyOf(pair, BYTES);
    try {
      byte[] signed = sign(seed, new byte[BYTES]);
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey(Arrays.copyOfRange(pair, BYTES, 2 * BYTES)));
      signature.update(new byte[BYTES]);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // No point of the curve.
      return false;
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }

  /** RFC 8032, section 5.1.2: y in little endian, and the sign of x in the highest bit. */
  private static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
    byte[] y = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      y[i] = bytes[BYTES - 1 - i];
    }
    boolean odd = (y[0] & 0x80) != 0;
    y[0] &= 0x7F;
    EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }
}
