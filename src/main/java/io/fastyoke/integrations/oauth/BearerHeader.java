package io.fastyoke.integrations.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The header that carries a token (RFC 6750, section 2.1). */
public final class BearerHeader {
  private static final String NAME = "Authorization";
  private static final byte[] SCHEME = "Bearer ".getBytes(US_ASCII);

  /**
   * Stands in a request for the header to come. No {@link String}, because secrets are none: a
   * preview hides its value.
   */
  public static final Header TO_COME = new Header(NAME, AsciiString.cached("Bearer"));

  private BearerHeader() {}

  /**
   * The request with a token, which is wiped with the credentials and redacted as they are.
   *
   * @param granted its token is closed here
   * @param left the new deadline
   */
  static OutboundRequest in(
      OutboundRequest request, Granted granted, Credentials credentials, Duration left) {
    Secret token = granted.token();
    byte[] value = Arrays.copyOf(SCHEME, SCHEME.length + token.length());
    System.arraycopy(token.expose(), 0, value, SCHEME.length, token.length());
    token.close();
    Header bearer = new Header(NAME, credentials.track(Secret.owning(value)).asciiForHeader());
    List<Header> headers =
        request.headers().stream().map(header -> header.equals(TO_COME) ? bearer : header).toList();
    return request.with(headers, left);
  }
}
