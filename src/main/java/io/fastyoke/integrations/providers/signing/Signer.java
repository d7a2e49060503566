package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.vault.Secret;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One secret that signs. What it makes is as secret as itself: a reader can send what it signs. */
interface Signer {
  /** What is wrong with the secret, or null. */
  @Nullable String problem();

  /** Whether receivers can verify {@code webhook-signature} with it. */
  boolean signsStandard();

  /**
   * One signature of {@code webhook-signature}, with its scheme.
   *
   * @throws IllegalStateException when {@link #signsStandard} says no
   */
  Secret standard(UUID id, Instant time, byte[] body);

  /** The value of {@code X-FastYoke-Signature}; null when no receiver could verify it. */
  @Nullable Secret ofBody(byte[] body);

  /** A copy of the characters without their prefix. */
  byte[] bare();
}
