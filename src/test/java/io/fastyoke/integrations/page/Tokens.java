package io.fastyoke.integrations.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Tokens that only a browser reads: nobody signed them, and no service would take them. */
final class Tokens {
  private static final long FAR_AWAY = 4_102_444_800L;

  private Tokens() {}

  static String of(String role) {
    return of(role, FAR_AWAY);
  }

  static String of(String role, long expires) {
    return of("t1", role, expires);
  }

  /** Of somebody in another tenant. */
  static String of(String tenant, String role, long expires) {
    return signed(
        "{\"sub\":\"u1\",\"email\":\"%s@acme.test\",\"tenant_id\":\"%s\",\"role\":\"%s\",\"exp\":%d}"
            .formatted(role, tenant, role, expires));
  }

  /** Of an API client that may do this; its role says nothing. */
  static String machine(String scope) {
    return signed(
        "{\"sub\":\"m1\",\"api_token_id\":\"k1\",\"tenant_id\":\"t1\",\"role\":\"admin\",\"scopes\":[\"%s\"],\"exp\":%d}"
            .formatted(scope, FAR_AWAY));
  }

  private static String signed(String claims) {
    return part("{\"alg\":\"none\"}") + "." + part(claims) + ".x";
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }
}
