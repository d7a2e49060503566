package io.fastyoke.integrations.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens that must not be accepted by a verifier with the development secret. */
final class TokenAttacks {
  private static final byte[] SECRET = TokenKeys.DEVELOPMENT_SECRET.getBytes(UTF_8);
  private static final String TENANT = "\"tenant_id\":\"t1\",\"role\":\"admin\"";

  private TokenAttacks() {}

  static Map<String, String> algorithms() {
    String payload = Jwts.claims(TENANT);
    Map<String, String> table = new LinkedHashMap<>();
    for (String none : new String[] {"none", "None", "NONE", "nOnE", ""}) {
      String unsigned = Jwts.input("{\"alg\":\"" + none + "\"}", payload);
      table.put("alg '" + none + "' without signature", unsigned + ".");
      table.put("alg '" + none + "' with any signature", unsigned + ".AA");
      table.put("alg '" + none + "' with the right HMAC", hs("\"alg\":\"" + none + "\""));
    }
    table.put("no alg", Jwts.hs256("{\"typ\":\"JWT\"}", payload, SECRET));
    table.put("alg null", hs("\"alg\":null"));
    table.put("alg a number", hs("\"alg\":256"));
    table.put("alg an array", hs("\"alg\":[\"HS256\"]"));
    table.put("alg hs256", hs("\"alg\":\"hs256\""));
    table.put("alg with a blank", hs("\"alg\":\"HS256 \""));
    table.put("HS384", Jwts.sign("HmacSHA384", "{\"alg\":\"HS384\"}", payload, SECRET));
    table.put("HS512", Jwts.sign("HmacSHA512", "{\"alg\":\"HS512\"}", payload, SECRET));
    table.put("RS256", Jwts.sign("SHA256withRSA", "{\"alg\":\"RS256\"}", payload, rsa()));
    table.put("other secret", Jwts.hs256(Jwts.HS256, payload, "x".repeat(32).getBytes(UTF_8)));
    table.put("zero secret", Jwts.hs256(Jwts.HS256, payload, new byte[32]));
    return table;
  }

  static Map<String, String> shapes() {
    String good = Jwts.admin("t1");
    String[] parts = good.split("\\.");
    String other = Jwts.input("{\"alg\":\"HS256\"}", Jwts.claims("\"tenant_id\":\"t2\""));
    Map<String, String> table = new LinkedHashMap<>();
    table.put("signature stripped", parts[0] + "." + parts[1]);
    table.put("signature empty", parts[0] + "." + parts[1] + ".");
    table.put("signature cut", good.substring(0, good.length() - 2));
    table.put("signature of another payload", other + "." + parts[2]);
    table.put(
        "signature '{}'", parts[0] + "." + parts[1] + "." + Jwts.base64("{}".getBytes(UTF_8)));
    table.put("four parts", good + ".AA");
    table.put("five parts like a JWE", good + ".AA.AA");
    table.put("header only", parts[0]);
    table.put("empty parts", "..");
    table.put("payload empty", parts[0] + ".." + parts[2]);
    table.put("padding", good + "=");
    table.put("plus and slash", good.substring(0, good.length() - 2) + "+/");
    table.put("blank inside", parts[0] + " ." + parts[1] + "." + parts[2]);
    table.put("nested", Jwts.hs256("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", good, SECRET));
    table.put("JSON serialization", "{\"payload\":\"" + parts[1] + "\"}");
    table.put("payload not JSON", Jwts.hs256(Jwts.HS256, "hello", SECRET));
    table.put("payload an array", Jwts.hs256(Jwts.HS256, "[]", SECRET));
    table.put("header not JSON", Jwts.hs256("hello", Jwts.claims(TENANT), SECRET));
    table.put("header deeply nested", wrong("{\"alg\":\"HS256\",\"x\":" + nested(2000) + "}"));
    table.put("payload deeply nested", Jwts.of(Jwts.claims("\"x\":" + nested(2500))));
    table.put(
        "just above 8 kB", Jwts.of(Jwts.claims(TENANT + ",\"x\":\"" + "a".repeat(6200) + "\"")));
    table.put("16 kB of groups", Jwts.of(Jwts.claims(TENANT + ",\"groups\":[" + groups() + "]")));
    return table;
  }

  static Map<String, String> headerFields(String lure) {
    String alg = "\"alg\":\"HS256\",";
    Map<String, String> table = new LinkedHashMap<>();
    table.put("crit unknown", hs(alg + "\"crit\":[\"exp\"],\"exp\":1"));
    table.put("crit empty", hs(alg + "\"crit\":[]"));
    table.put("b64 false", hs(alg + "\"b64\":false,\"crit\":[\"b64\"]"));
    table.put("b64 false without crit", hs(alg + "\"b64\":false"));
    table.put("zip", hs(alg + "\"zip\":\"DEF\""));
    table.put("kid a number", hs(alg + "\"kid\":7"));
    table.put("duplicate alg", hs("\"alg\":\"none\",\"alg\":\"HS256\""));
    table.put("kid too long", hs(alg + "\"kid\":\"" + "k".repeat(10_000) + "\""));
    // Wrongly signed, so that only following them could let them in.
    for (String field : new String[] {"jku", "x5u", "kid"}) {
      String header = "{" + alg + "\"" + field + "\":\"" + lure + "/jwks.json\"}";
      table.put(field + " at our server", wrong(header));
    }
    table.put("kid a path", wrong("{" + alg + "\"kid\":\"../../../../dev/null\"}"));
    table.put("kid an SQL text", wrong("{" + alg + "\"kid\":\"' UNION SELECT 'x\"}"));
    table.put(
        "jwk", wrong("{" + alg + "\"jwk\":{\"kty\":\"oct\",\"k\":\"" + "eHh4".repeat(11) + "\"}}"));
    table.put("x5c", wrong("{" + alg + "\"x5c\":[\"AAAA\"]}"));
    return table;
  }

  static Map<String, String> times() {
    long now = Instant.now().getEpochSecond();
    Map<String, String> table = new LinkedHashMap<>();
    table.put("exp missing", timed("\"iat\":" + now));
    table.put("expired", timed("\"exp\":" + (now - 31)));
    table.put("exp null", timed("\"exp\":null"));
    table.put("exp a string", timed("\"exp\":\"" + (now + 60) + "\""));
    table.put("expired by a fraction", timed("\"exp\":" + (now - 31) + ".5"));
    table.put("exp with exponent", timed("\"exp\":1e12"));
    table.put("exp negative", timed("\"exp\":-1"));
    table.put("exp in milliseconds", timed("\"exp\":" + (now + 60) * 1000));
    table.put("exp beyond long", timed("\"exp\":99999999999999999999"));
    table.put("exp an array", timed("\"exp\":[" + (now + 60) + "]"));
    table.put("exp true", timed("\"exp\":true"));
    table.put("exp twice", timed("\"exp\":1,\"exp\":" + (now + 60)));
    table.put("not yet valid", timed("\"exp\":" + (now + 300) + ",\"nbf\":" + (now + 60)));
    table.put("nbf a string", timed("\"exp\":" + (now + 300) + ",\"nbf\":\"0\""));
    table.put("issued in the future", timed("\"exp\":" + (now + 300) + ",\"iat\":" + (now + 60)));
    return table;
  }

  static Map<String, String> claims() {
    Map<String, String> table = new LinkedHashMap<>();
    for (String tenant :
        new String[] {
          "null",
          "\"\"",
          "[\"t1\"]",
          "7",
          "{\"a\":1}",
          "true",
          "\"../t1\"",
          "\"t1 \"",
          "\" t1\"",
          "\"t1\\u0000\"",
          "\"t\\u0131\"",
          "\"\\u0442\\u0031\"",
          "\"t1'--\"",
          "\"t1,t2\"",
          "\"" + "t".repeat(129) + "\""
        }) {
      table.put("tenant_id " + tenant, as("\"tenant_id\":" + tenant + ",\"role\":\"admin\""));
    }
    table.put("tenant_id missing", as("\"role\":\"admin\""));
    table.put("tenant_id twice", as("\"tenant_id\":\"t1\"," + TENANT));
    table.put(
        "tenant_id of a machine missing", as("\"api_token_id\":\"k\",\"scopes\":[\"admin:*\"]"));
    table.put("super_admin with tenant", as("\"role\":\"super_admin\",\"tenant_id\":\"t1\""));
    table.put(
        "super_admin machine",
        as("\"role\":\"super_admin\",\"api_token_id\":\"k\",\"scopes\":[\"admin:*\"]"));
    for (String role : new String[] {"null", "\"\"", "\"Admin\"", "\"root\"", "[\"admin\"]", "1"}) {
      table.put("role " + role, as("\"tenant_id\":\"t1\",\"role\":" + role));
    }
    table.put("role missing", as("\"tenant_id\":\"t1\""));
    for (String scopes :
        new String[] {"\"admin:*\"", "{\"admin:*\":true}", "[1]", "[[\"admin:*\"]]", "true"}) {
      table.put("scopes " + scopes, as("\"tenant_id\":\"t1\",\"scopes\":" + scopes));
    }
    table.put("email not a string", as(TENANT + ",\"email\":{\"x\":1}"));
    table.put("impersonated_by an array", as(TENANT + ",\"impersonated_by\":[\"x\"]"));
    table.put("sub missing", sub(""));
    table.put("sub empty", sub("\"sub\":\"\","));
    table.put("sub null", sub("\"sub\":null,"));
    table.put("sub a number", sub("\"sub\":7,"));
    table.put("sub with a line break", sub("\"sub\":\"u1\\nadmin\","));
    table.put("sub of 4 kB", sub("\"sub\":\"" + "u".repeat(4096) + "\","));
    return table;
  }

  private static String as(String more) {
    return sub("\"sub\":\"u1\"," + more + ",");
  }

  private static String sub(String start) {
    boolean whole =
        start.contains("tenant_id") || start.contains("role") || start.contains("scopes");
    long exp = Instant.now().getEpochSecond() + 300;
    return Jwts.of("{" + start + (whole ? "" : TENANT + ",") + "\"exp\":" + exp + "}");
  }

  private static String timed(String times) {
    return Jwts.of("{\"sub\":\"u1\"," + TENANT + "," + times + "}");
  }

  private static String hs(String header) {
    return Jwts.hs256("{" + header + "}", Jwts.claims(TENANT), SECRET);
  }

  private static String wrong(String header) {
    return Jwts.hs256(header, Jwts.claims(TENANT), "x".repeat(33).getBytes(UTF_8));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String groups() {
    return "\"g\",".repeat(3000) + "\"g\"";
  }

  private static PrivateKey rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      return pair.getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
