package io.fastyoke.integrations.vault;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with the nonce and tag sizes that NIST SP 800-38D recommends. Both are fixed here,
 * because Java accepts shorter ones.
 */
final class AesGcm {
  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private AesGcm() {}

  /** The ciphertext, followed by the tag. */
  static byte[] encrypt(SecretKey key, byte[] nonce, byte[] aad, byte[] plain) {
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, aad);
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /**
   * The plaintext.
   *
   * @throws AEADBadTagException if the tag, the additional data, the nonce or the key differs
   */
  static byte[] decrypt(SecretKey key, byte[] nonce, byte[] aad, byte[] sealed, int from)
      throws AEADBadTagException {
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, aad);
      return cipher.doFinal(sealed, from, sealed.length - from);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] aad)
      throws GeneralSecurityException {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("not a 96-bit nonce");
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(aad);
    return cipher;
  }

  private static IllegalStateException unavailable(GeneralSecurityException e) {
    return new IllegalStateException("this Java has no AES-256-GCM", e);
  }
}
