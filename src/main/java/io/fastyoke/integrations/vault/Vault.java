package io.fastyoke.integrations.vault;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Seals credentials under the active key and opens them under any key of the ring. Thread-safe; a
 * call takes a few microseconds, so it may run on an event loop.
 *
 * <p>Nonces are random, which is safe for 2^32 seals under one key (NIST SP 800-38D, section 8.3).
 * Operators watch the number by {@link #seals()}.
 */
@Singleton
public final class Vault {
  private final KeyRing ring;
  // Not static: a native image would contain the seed of the build.
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
   * Seals credentials under the active key. The caller still has to close them.
   *
   * @throws IllegalArgumentException for credentials with {@link Credentials#shapeErrors()}
   */
  public byte[] seal(SealContext context, Credentials credentials) {
    if (!credentials.shapeErrors().isEmpty()) {
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

  /** How often this vault has sealed since the start. */
  public long seals() {
    return seals.sum();
  }

  /**
   * Opens credentials that were sealed in the same context; the caller closes the result.
   *
   * @throws UnreadableCredentialsException if they do not open, for whatever reason
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
