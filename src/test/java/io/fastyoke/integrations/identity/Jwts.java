package io.fastyoke.integrations.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens byte by byte, good ones and any kind of bad ones. */
public final class Jwts {
  public static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private Jwts() {}

  /** A token that the test profile accepts, of an admin of the tenant. */
  public static String admin(String tenant) {
    return person(tenant, "admin");
  }

  /** A token that the test profile accepts. */
  public static String person(String tenant, String role) {
    return of(claims("\"tenant_id\":\"" + tenant + "\",\"role\":\"" + role + "\""));
  }

  /** A token that the test profile accepts, of a machine of tenant t1. */
  public static String machine(String scopes) {
    return of(claims("\"tenant_id\":\"t1\",\"api_token_id\":\"k1\",\"scopes\":" + scopes));
  }

  /** A token with good times and these further claims. */
  public static String claims(String more) {
    long now = Instant.now().getEpochSecond();
    return ("{\"sub\":\"u1\",\"email\":\"u1@example.com\",\"iat\":%d,\"exp\":%d,%s}")
        .formatted(now, now + 300, more);
  }

  /** Signs with the development secret. */
  public static String of(String payload) {
    return hs256(HS256, payload, TokenKeys.DEVELOPMENT_SECRET.getBytes(UTF_8));
  }

  /** Signs with any secret, for a service that has its own. */
  public static String signedWith(String secret, String payload) {
    return hs256(HS256, payload, secret.getBytes(UTF_8));
  }

  static String hs256(String header, String payload, byte[] secret) {
    return sign("HmacSHA256", header, payload, secret);
  }

  static String sign(String mac, String header, String payload, byte[] secret) {
    try {
      Mac hmac = Mac.getInstance(mac);
      hmac.init(new SecretKeySpec(secret, mac));
      String input = input(header, payload);
      return input + "." + base64(hmac.doFinal(input.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(String algorithm, String header, String payload, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      String input = input(header, payload);
      signature.update(input.getBytes(UTF_8));
      return input + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String input(String header, String payload) {
    return base64(header.getBytes(UTF_8)) + "." + base64(payload.getBytes(UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
