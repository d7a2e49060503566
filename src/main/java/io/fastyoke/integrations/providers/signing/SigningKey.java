package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.redaction.SecretForms;
import io.fastyoke.integrations.vault.Ed25519;
import io.fastyoke.integrations.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A private key of Standard Webhooks 1.0.0 ({@code whsk_} and base64), which signs as {@code v1a}:
 * Ed25519 over id, time and body. Its bytes are the 32 of RFC 8032, with or without the 32 of the
 * public key behind them. Receivers have only the public one, so nothing else is signed with it.
 */
final class SigningKey implements Signer {
  static final String PREFIX = "whsk_";

  private final Secret secret;

  SigningKey(Secret secret) {
    this.secret = secret;
  }

  @Override
  public @Nullable String problem() {
    byte[] key = decoded();
    try {
      if (key == null) {
        return "must have the base64 of 32 bytes after whsk_, or of 64 with the public key";
      }
      return key.length == Ed25519.BYTES || Ed25519.isPair(key)
          ? null
          : "has a public key in its second half that does not belong to the private one";
    } finally {
      SigningSecret.wipe(key);
    }
  }

  @Override
  public boolean signsStandard() {
    return true;
  }

  @Override
  public Secret standard(UUID id, Instant time, byte[] body) {
    byte[] key = decoded();
    if (key == null) {
      throw new IllegalStateException("a key that is not base64");
    }
    byte[] seed = Arrays.copyOf(key, Ed25519.BYTES);
    byte[] start = (id + "." + time.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII);
    try {
      byte[] signature = Ed25519.sign(seed, start, body);
      return SigningSecret.joined(
          SecretForms.ASYMMETRIC_SCHEME, Base64.getEncoder().encode(signature));
    } finally {
      SigningSecret.wipe(key);
      SigningSecret.wipe(seed);
    }
  }

  @Override
  public @Nullable Secret ofBody(byte[] body) {
    return null;
  }

  @Override
  public byte[] bare() {
    return Arrays.copyOfRange(secret.expose(), PREFIX.length(), secret.length());
  }

  private byte @Nullable [] decoded() {
    byte[] base64 = bare();
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      if (key.length == Ed25519.BYTES || key.length == 2 * Ed25519.BYTES) {
        return key;
      }
      SigningSecret.wipe(key);
      return null;
    } catch (IllegalArgumentException e) {
      return null;
    } finally {
      SigningSecret.wipe(base64);
    }
  }
}
