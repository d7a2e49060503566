package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.tls.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request on its way out.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param target the absolute target, already percent-encoded; no userinfo, no fragment
 * @param headers in the order in which they are sent; Host and Content-Length are the door's own
 * @param body the exact bytes, or null for a request without a body
 * @param deadline bounds the whole attempt, from name resolution to the last byte read
 * @param origin who chose the host, and so whether it has to be judged
 * @param pool connections are kept alive and shared within one pool only: one per tenant for hosts
 *     that tenants choose
 * @param tls own certificates, by which connections are then kept apart as well; null for the
 *     platform's authorities and no client certificate
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; the bytes are handed to the socket as they are
public record OutboundRequest(
    String method,
    URI target,
    List<Header> headers,
    byte @Nullable [] body,
    Duration deadline,
    Origin origin,
    String pool,
    @Nullable ClientTls tls) {

  /** Without own certificates. */
  public OutboundRequest(
      String method,
      URI target,
      List<Header> headers,
      byte @Nullable [] body,
      Duration deadline,
      Origin origin,
      String pool) {
    this(method, target, headers, body, deadline, origin, pool, null);
  }

  /** The same with these headers and deadline. */
  public OutboundRequest with(List<Header> others, Duration within) {
    return new OutboundRequest(method, target, others, body, within, origin, pool, tls);
  }

  /** The same with own certificates, or without. */
  public OutboundRequest with(@Nullable ClientTls own) {
    return new OutboundRequest(method, target, headers, body, deadline, origin, pool, own);
  }

  /**
   * A header. The value is a {@link CharSequence} so that a secret need never become a {@link
   * String}.
   *
   * @param name a token of RFC 9110, section 5.6.2
   * @param value visible ASCII, space and tab
   */
  public record Header(String name, CharSequence value) {

    /** Whether the value may not be shown: secrets are never strings. */
    public boolean isSecret() {
      return !(value instanceof String);
    }

    @Override
    public String toString() {
      return name + ": " + (isSecret() ? "[secret]" : value);
    }
  }

  /** Who chose the host of a request. */
  public enum Origin {
    /** A provider's published host or the operator's replacement for it: trusted. */
    OPERATOR,
    /** A tenant's own address: judged by name and by every address it resolves to. */
    TENANT
  }
}
