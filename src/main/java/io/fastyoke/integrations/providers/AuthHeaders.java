package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of {@code Authorization}, as bytes that are wiped with the credentials. */
final class AuthHeaders {
  static final String NAME = "Authorization";

  private static final Pattern NAMED = Pattern.compile("(?i)authorization\\s*:.*");
  private static final Pattern TWICE =
      Pattern.compile("(?i)(basic|bearer|digest|token)\\s+\\1\\s.*");
  private static final Pattern QUOTED = Pattern.compile("([\"'`]).*\\1");

  private AuthHeaders() {}

  /** What is wrong with a whole value as a person gave it, or null. */
  static @Nullable String problem(Secret value) {
    CharSequence text = value.asciiForHeader();
    if (NAMED.matcher(text).matches()) {
      return "is the value only; leave out Authorization:";
    }
    if (TWICE.matcher(text).matches()) {
      return "has its scheme twice";
    }
    return QUOTED.matcher(text).matches() ? "is in quotes; leave them out" : null;
  }

  /** RFC 6750, section 2.1. */
  static Header bearer(Credentials credentials, Secret token) {
    Secret value = credentials.track(Secret.owning(join(ascii("Bearer "), token.expose())));
    return new Header(NAME, value.asciiForHeader());
  }

  /** RFC 7617, section 2. */
  static Header basic(Credentials credentials, Secret user, Secret password) {
    byte[] pair = pair(user, password);
    byte[] encoded = Base64.getEncoder().encode(pair);
    Secret value = credentials.track(Secret.owning(join(ascii("Basic "), encoded)));
    Arrays.fill(pair, (byte) 0);
    Arrays.fill(encoded, (byte) 0);
    return new Header(NAME, value.asciiForHeader());
  }

  /** User and password with a colon between them; the caller wipes it. */
  static byte[] pair(Secret user, Secret password) {
    return join(user.expose(), ascii(":"), password.expose());
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer out = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
