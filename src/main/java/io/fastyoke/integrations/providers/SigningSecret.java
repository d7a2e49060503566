package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.vault.HmacSha256;
import io.fastyoke.integrations.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs what goes to a tenant's endpoint, in two ways.
 *
 * <ul>
 *   <li>{@code X-FastYoke-Signature}: over the raw body, keyed with the characters of the secret as
 *       they were given, whatever their form. That is what a receiver does that was given the
 *       secret as a text and knows nothing else.
 *   <li>{@code webhook-signature} (Standard Webhooks 1.0.0): over id, time and body. The key of a
 *       secret in the form {@code whsec_<base64>} is what the base64 stands for; of any other, its
 *       characters.
 * </ul>
 */
final class SigningSecret {
  private static final byte[] PREFIX = "whsec_".getBytes(StandardCharsets.US_ASCII);
  static final String BODY_SCHEME = "sha256=";
  static final String STANDARD_SCHEME = "v1,";
  private static final int SHORTEST_KEY = 24;
  private static final int LONGEST_KEY = 64;

  private final Secret secret;

  SigningSecret(Secret secret) {
    this.secret = secret;
  }

  /** What is wrong with the secret, or null. */
  @Nullable String problem() {
    if (!isPrefixed()) {
      return null;
    }
    byte[] key = decoded();
    boolean fits = key != null && key.length >= SHORTEST_KEY && key.length <= LONGEST_KEY;
    wipe(key);
    return fits
        ? null
        : "must have the base64 of " + SHORTEST_KEY + " to " + LONGEST_KEY + " bytes after whsec_";
  }

  /**
   * The value of {@code X-FastYoke-Signature}. As secret as the key itself: whoever may read it can
   * send what it signs.
   */
  Secret ofBody(byte[] body) {
    byte[] mac = HmacSha256.of(secret.expose(), body);
    byte[] hex = new byte[2 * mac.length];
    for (int i = 0; i < mac.length; i++) {
      hex[2 * i] = (byte) Character.forDigit((mac[i] >> 4) & 0xF, 16);
      hex[2 * i + 1] = (byte) Character.forDigit(mac[i] & 0xF, 16);
    }
    return joined(BODY_SCHEME, hex);
  }

  /** The value of {@code webhook-signature}, as secret as the other. */
  Secret standard(UUID id, Instant time, byte[] body) {
    String prefix = id + "." + time.getEpochSecond() + ".";
    byte[] decoded = isPrefixed() ? decoded() : null;
    byte[] key = decoded == null ? secret.expose() : decoded;
    byte[] mac = HmacSha256.of(key, prefix.getBytes(StandardCharsets.US_ASCII), body);
    wipe(decoded);
    return joined(STANDARD_SCHEME, Base64.getEncoder().encode(mac));
  }

  private static Secret joined(String scheme, byte[] signature) {
    byte[] value =
        Arrays.copyOf(
            scheme.getBytes(StandardCharsets.US_ASCII), scheme.length() + signature.length);
    System.arraycopy(signature, 0, value, scheme.length(), signature.length);
    return Secret.owning(value);
  }

  /** A copy of the characters without {@code whsec_}. */
  byte[] bare() {
    return Arrays.copyOfRange(secret.expose(), isPrefixed() ? PREFIX.length : 0, secret.length());
  }

  private boolean isPrefixed() {
    byte[] bytes = secret.expose();
    return bytes.length >= PREFIX.length
        && Arrays.equals(bytes, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
  }

  private byte @Nullable [] decoded() {
    byte[] base64 = bare();
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    } finally {
      wipe(base64);
    }
  }

  private static void wipe(byte @Nullable [] bytes) {
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
