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
    String claims =
        "{\"sub\":\"u1\",\"email\":\"%s@acme.test\",\"tenant_id\":\"t1\",\"role\":\"%s\",\"exp\":%d}"
            .formatted(role, role, expires);
    return part("{\"alg\":\"none\"}") + "." + part(claims) + ".x";
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }
}
