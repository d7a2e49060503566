package io.fastyoke.integrations.vault;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Seals credentials under the active key and opens them under any key of the ring. Safe for use by
 * many threads; a few microseconds a call, so it may run on an event loop.
 *
 * <p>Nonces are random, which is safe for 2^32 seals under one key (NIST SP 800-38D, section 8.3):
 * far more than people will ever save connections, and {@link #seals()} lets operators watch it.
 */
@Singleton
public final class Vault {
  private final KeyRing ring;
  // In an instance, never static: a native image would carry the seed of the build.
  private final SecureRandom random;
  private final LongAdder seals = new LongAdder();

  /** A vault with the system's source of randomness. */
  @Inject
  public Vault(KeyRing ring) {
    this(ring, new SecureRandom());
  }

  Vault(KeyRing ring, SecureRandom random) {
    this.ring = ring;
    this.random = random;
  }

  /**
   * Seals credentials under the active key; they stay open and the caller's to close.
   *
   * @throws IllegalArgumentException for credentials with {@link Credentials#misfits()}
   */
  public byte[] seal(SealContext context, Credentials credentials) {
    if (!credentials.misfits().isEmpty()) {
      throw new IllegalArgumentException("credentials that are not valid are not sealed");
    }
    EncryptionKey key = ring.activeKey();
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    seals.increment();
    byte[] plain = CredentialsCodec.encode(credentials);
    try {
      byte[] aad = SealedBlob.additionalData(key.id(), context);
      return SealedBlob.join(key.id(), nonce, AesGcm.encrypt(key.forCipher(), nonce, aad, plain));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** How often this vault has sealed, since it was made. */
  public long seals() {
    return seals.sum();
  }

  /**
   * Opens what was sealed in the same context; the caller closes the result.
   *
   * @throws UnreadableCredentialsException for any reason why they do not open
   */
  public Credentials open(SealContext context, byte[] sealed) {
    KeyId id = ring.idOf(sealed);
    EncryptionKey key = ring.find(id).orElseThrow(UnreadableCredentialsException::new);
    byte @Nullable [] plain = null;
    try {
      plain =
          AesGcm.decrypt(
              key.forCipher(),
              SealedBlob.nonce(sealed),
              SealedBlob.additionalData(id, context),
              sealed,
              SealedBlob.HEADER_BYTES);
      return CredentialsCodec.decode(plain);
    } catch (AEADBadTagException | IllegalArgumentException e) {
      throw new UnreadableCredentialsException();
    } finally {
      if (plain != null) {
        Arrays.fill(plain, (byte) 0);
      }
    }
  }
}
