package io.fastyoke.integrations.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request for a token, with copies of all that is secret in it: it may outlast the credentials
 * of the attempt that began it. {@link #close()} wipes them.
 */
final class TokenRequest implements AutoCloseable {
  private static final byte[] GRANT = "client_credentials".getBytes(US_ASCII);
  private static final byte[] BASIC = "Basic ".getBytes(US_ASCII);

  private final URI target;
  private final TenantId tenant;
  private final byte[] body;
  private final @Nullable Secret authorization;
  private final @Nullable ClientTls tls;

  private TokenRequest(
      URI target,
      TenantId tenant,
      byte[] body,
      @Nullable Secret authorization,
      @Nullable ClientTls tls) {
    this.target = target;
    this.tenant = tenant;
    this.body = body;
    this.authorization = authorization;
    this.tls = tls;
  }

  static TokenRequest of(ClientGrant grant, TenantId tenant) {
    return new TokenRequest(
        grant.tokenUrl(), tenant, form(grant), grant.inBody() ? null : basic(grant), grant.tls());
  }

  /**
   * The request as it goes out; valid until {@link #close()}.
   *
   * @param deadline for all of it
   */
  OutboundRequest within(Duration deadline) {
    List<Header> headers = new ArrayList<>();
    if (authorization != null) {
      headers.add(new Header("Authorization", authorization.asciiForHeader()));
    }
    headers.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
    headers.add(new Header("Accept", "application/json"));
    headers.add(new Header("User-Agent", "FastYoke-Webhooks/1.0"));
    headers.add(new Header("Accept-Encoding", "identity"));
    return new OutboundRequest(
        "POST", target, headers, body, deadline, Origin.TENANT, "tenant:" + tenant, tls);
  }

  private static byte[] form(ClientGrant grant) {
    int size = GRANT.length + grant.id().length() + grant.secret().length() + 64;
    for (Map.Entry<String, Secret> parameter : grant.parameters().entrySet()) {
      size += parameter.getKey().length() * 4 + parameter.getValue().length() + 2;
    }
    FormText form = new FormText(FormText.encodedSize(size));
    add(form, "grant_type", GRANT);
    grant.parameters().forEach((name, value) -> add(form.plain('&'), name, value.expose()));
    if (grant.inBody()) {
      add(form.plain('&'), "client_id", grant.id().expose());
      add(form.plain('&'), "client_secret", grant.secret().expose());
    }
    byte[] bytes = form.toByteArray();
    form.wipe();
    return bytes;
  }

  private static void add(FormText form, String name, byte[] value) {
    form.encoded(name.getBytes(UTF_8)).plain('=').encoded(value);
  }

  /** Identifier and secret are encoded before they are joined (RFC 6749, section 2.3.1). */
  private static Secret basic(ClientGrant grant) {
    byte[] pair = pair(grant.id(), grant.secret());
    byte[] base64 = Base64.getEncoder().encode(pair);
    byte[] value = Arrays.copyOf(BASIC, BASIC.length + base64.length);
    System.arraycopy(base64, 0, value, BASIC.length, base64.length);
    Arrays.fill(pair, (byte) 0);
    Arrays.fill(base64, (byte) 0);
    return Secret.owning(value);
  }

  private static byte[] pair(Secret id, Secret secret) {
    FormText text = new FormText(FormText.encodedSize(id.length() + secret.length()) + 1);
    byte[] pair = text.encoded(id.expose()).plain(':').encoded(secret.expose()).toByteArray();
    text.wipe();
    return pair;
  }

  /** What HTTP Basic encodes, and the part of it that is secret; the caller wipes them. */
  static List<byte[]> composites(Secret id, Secret secret) {
    byte[] pair = pair(id, secret);
    int colon = 0;
    while (pair[colon] != ':') {
      colon++;
    }
    return List.of(pair, Arrays.copyOfRange(pair, colon + 1, pair.length));
  }

  @Override
  public void close() {
    Arrays.fill(body, (byte) 0);
    if (authorization != null) {
      authorization.close();
    }
  }
}
