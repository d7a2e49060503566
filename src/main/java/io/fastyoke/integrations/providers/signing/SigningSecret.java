package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.redaction.SecretForms;
import io.fastyoke.integrations.vault.HmacSha256;
import io.fastyoke.integrations.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs what goes to a tenant's endpoint, in two ways.
 *
 * <ul>
 *   <li>{@code X-FastYoke-Signature}: over the raw body, keyed with the characters of the secret as
 *       they were given, whatever their form. That is what a receiver does that was given the
 *       secret as a text and knows nothing else.
 *   <li>{@code webhook-signature} (Standard Webhooks 1.0.0): over id, time and body, keyed with the
 *       24 to 64 bytes that the secret's base64 stands for, with or without {@code whsec_} before
 *       it. So do the libraries of receivers, all of which decode the secret first; where there is
 *       nothing to decode, they could verify nothing, and nothing is signed this way.
 * </ul>
 */
final class SigningSecret implements Signer {
  private static final byte[] PREFIX = "whsec_".getBytes(StandardCharsets.US_ASCII);
  private static final int MIN_KEY_BYTES = 24;
  private static final int MAX_KEY_BYTES = 64;

  /** Of a secret that is no base64; in characters. */
  private static final int MIN_TEXT_CHARS = 12;

  /** As signatures are listed in {@code webhook-signature}. */
  private static final Pattern LABELLED = Pattern.compile("v[0-9]+a?,", Pattern.CASE_INSENSITIVE);

  private static final Pattern MISPLACED = Pattern.compile("whsec[_-]", Pattern.CASE_INSENSITIVE);

  /** Private and public keys of Standard Webhooks. */
  private static final Pattern OTHER_KEY = Pattern.compile("wh[sp]k_");

  private static final Pattern QUOTED = Pattern.compile("([\"'`]).*\\1");

  private final Secret secret;

  SigningSecret(Secret secret) {
    this.secret = secret;
  }

  @Override
  public @Nullable String problem() {
    CharSequence text = secret.asciiForHeader();
    if (LABELLED.matcher(text).lookingAt()) {
      return "begins with the name of a signature; leave out all before whsec_";
    }
    if (OTHER_KEY.matcher(text).lookingAt()) {
      return "is a key for asymmetric signatures; give a private one (whsk_) in signing_secrets";
    }
    if (QUOTED.matcher(text).matches()) {
      return "is in quotes; leave them out";
    }
    if (!isPrefixed() && MISPLACED.matcher(text).find()) {
      return "has whsec_ in its middle or in capitals; leave out all before it, and write it so";
    }
    if (isPrefixed() && !signsStandard()) {
      return "must have the base64 of 24 to 64 bytes after whsec_";
    }
    return secret.length() < MIN_TEXT_CHARS
        ? "must have at least " + MIN_TEXT_CHARS + " characters, so that it cannot be guessed"
        : null;
  }

  @Override
  public boolean signsStandard() {
    byte[] key = decoded();
    wipe(key);
    return key != null;
  }

  @Override
  public Secret ofBody(byte[] body) {
    byte[] mac = HmacSha256.of(secret.expose(), body);
    byte[] hex = new byte[2 * mac.length];
    for (int i = 0; i < mac.length; i++) {
      hex[2 * i] = (byte) Character.forDigit((mac[i] >> 4) & 0xF, 16);
      hex[2 * i + 1] = (byte) Character.forDigit(mac[i] & 0xF, 16);
    }
    return joined(SecretForms.BODY_SCHEME, hex);
  }

  @Override
  public Secret standard(UUID id, Instant time, byte[] body) {
    String prefix = id + "." + time.getEpochSecond() + ".";
    byte[] key = decoded();
    if (key == null) {
      throw new IllegalStateException("a secret that is not base64");
    }
    byte[] mac = HmacSha256.of(key, prefix.getBytes(StandardCharsets.US_ASCII), body);
    wipe(key);
    return joined(SecretForms.STANDARD_SCHEME, Base64.getEncoder().encode(mac));
  }

  static Secret joined(String scheme, byte[] signature) {
    byte[] value =
        Arrays.copyOf(
            scheme.getBytes(StandardCharsets.US_ASCII), scheme.length() + signature.length);
    System.arraycopy(signature, 0, value, scheme.length(), signature.length);
    return Secret.owning(value);
  }

  @Override
  public byte[] bare() {
    return Arrays.copyOfRange(secret.expose(), isPrefixed() ? PREFIX.length : 0, secret.length());
  }

  private boolean isPrefixed() {
    byte[] bytes = secret.expose();
    return bytes.length >= PREFIX.length
        && Arrays.equals(bytes, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
  }

  /** The key; null when there is none of a sane length. */
  private byte @Nullable [] decoded() {
    byte[] base64 = bare();
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      if (key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES) {
        return key;
      }
      wipe(key);
      return null;
    } catch (IllegalArgumentException e) {
      return null;
    } finally {
      wipe(base64);
    }
  }

  static void wipe(byte @Nullable [] bytes) {
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
