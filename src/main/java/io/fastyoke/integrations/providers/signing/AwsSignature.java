package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.HmacSha256;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * AWS Signature Version 4 in the header, over one request as it is sent ("Create a signed AWS API
 * request" in the IAM User Guide). Signed are host, Content-Type, all of X-Amz-, path, query and
 * body; what proxies may change is left out.
 */
public final class AwsSignature {
  /** The field of the credential, and before its parts. */
  public static final String FIELD = "aws_sigv4";

  /** Headers that it sets, besides Authorization. */
  public static final List<String> HEADERS =
      List.of("X-Amz-Date", "X-Amz-Content-Sha256", "X-Amz-Security-Token");

  private static final String KEY = FIELD + ".secret_access_key";
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  private final Credentials credentials;
  private final String region;
  private final String service;

  private AwsSignature(Credentials credentials) {
    this.credentials = credentials;
    this.region = part("region").asPublicText();
    this.service = part("service").asPublicText();
  }

  /** That of a credential, if it has one. */
  public static Optional<AwsSignature> of(Credentials credentials) {
    return isIn(credentials) ? Optional.of(new AwsSignature(credentials)) : Optional.empty();
  }

  /** Whether a credential, which may have faults, signs in this way. */
  public static boolean isIn(Credentials credentials) {
    return credentials.get(KEY).isPresent();
  }

  /**
   * The headers that sign a request. Secret ones are wiped with the credentials.
   *
   * @param headers all others
   */
  public List<Header> sign(
      String method, URI target, List<Header> headers, byte @Nullable [] body, Instant now) {
    String time = TIME.format(now);
    String scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    List<Header> added = new ArrayList<>();
    String bodyHash = hex(sha256(body == null ? new byte[0] : body));
    added.add(new Header("X-Amz-Date", time));
    added.add(new Header("X-Amz-Content-Sha256", bodyHash));
    credentials
        .get(FIELD + ".session_token")
        .ifPresent(t -> added.add(new Header("X-Amz-Security-Token", t.asciiForHeader())));

    Map<String, List<String>> signed = new TreeMap<>();
    signed.put("host", List.of(host(target)));
    headers.forEach(header -> add(signed, header));
    added.forEach(header -> add(signed, header));
    String names = String.join(";", signed.keySet());
    String canonical =
        String.join(
            "\n",
            method,
            AwsCanonical.path(target, !service.equals("s3")),
            AwsCanonical.query(target.getRawQuery()),
            AwsCanonical.headers(signed),
            names,
            bodyHash);
    String toSign =
        String.join(
            "\n", ALGORITHM, time, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    String signature = signature(time.substring(0, 8), toSign);
    credentials.track(Secret.ofUtf8(signature));
    Secret value =
        Secret.ofUtf8(
            "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(
                    ALGORITHM, part("access_key_id").asPublicText(), scope, names, signature));
    added.add(new Header("Authorization", credentials.track(value).asciiForHeader()));
    return added;
  }

  private static void add(Map<String, List<String>> signed, Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    if (name.startsWith("x-amz-") || name.equals("content-type")) {
      signed.computeIfAbsent(name, n -> new ArrayList<>()).add(header.value().toString());
    }
  }

  private String signature(String date, String toSign) {
    byte[] key = concat("AWS4".getBytes(StandardCharsets.US_ASCII), part("secret_access_key"));
    for (String next : List.of(date, region, service, "aws4_request", toSign)) {
      byte[] derived = HmacSha256.of(key, next.getBytes(StandardCharsets.UTF_8));
      Arrays.fill(key, (byte) 0);
      key = derived;
    }
    return hex(key);
  }

  private static byte[] concat(byte[] start, Secret secret) {
    byte[] all = Arrays.copyOf(start, start.length + secret.length());
    System.arraycopy(secret.expose(), 0, all, start.length, secret.length());
    return all;
  }

  private static String host(URI target) {
    try {
      return Destination.of(target).authority();
    } catch (Destination.Malformed e) {
      throw new IllegalArgumentException("an address that cannot be signed", e);
    }
  }

  private Secret part(String name) {
    return credentials
        .get(FIELD + "." + name)
        .orElseThrow(() -> new IllegalArgumentException("credentials without " + name));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }
}
