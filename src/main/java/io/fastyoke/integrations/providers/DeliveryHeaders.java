package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.providers.signing.SigningSecrets;
import io.fastyoke.integrations.templating.PercentEncoding;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The headers of every delivery to a tenant's endpoint. Times are seconds since 1970. */
final class DeliveryHeaders {
  /** In characters; receivers commonly take 8 KiB for all headers together. */
  private static final int MAX_EVENT_CHARS = 1_024;

  private DeliveryHeaders() {}

  static List<Header> of(Delivery delivery) {
    List<Header> headers = new ArrayList<>();
    String id = delivery.deliveryId().toString();
    if (delivery.eventType() != null) {
      headers.add(new Header("X-FastYoke-Event", visible(delivery.eventType())));
    }
    headers.add(new Header("X-FastYoke-Delivery", id));
    headers.add(new Header("Idempotency-Key", id));
    headers.add(new Header("X-FastYoke-Attempt", Integer.toString(delivery.attempt())));
    headers.add(new Header("X-FastYoke-Timestamp", seconds(delivery)));
    return headers;
  }

  /**
   * The signatures; a request without a body is signed as one of no bytes. They are wiped with the
   * credentials.
   */
  static List<Header> signed(
      Delivery delivery, Credentials credentials, SigningSecrets secrets, byte @Nullable [] body) {
    byte[] raw = body == null ? new byte[0] : body;
    List<Header> headers = new ArrayList<>();
    secrets
        .ofBody(credentials, raw)
        .ifPresent(of -> headers.add(new Header("X-FastYoke-Signature", of.asciiForHeader())));
    Optional<Secret> standard =
        secrets.standard(credentials, delivery.deliveryId(), delivery.now(), raw);
    if (standard.isPresent()) {
      headers.add(new Header("webhook-id", delivery.deliveryId().toString()));
      headers.add(new Header("webhook-timestamp", seconds(delivery)));
      headers.add(new Header("webhook-signature", standard.get().asciiForHeader()));
    }
    return headers;
  }

  private static String seconds(Delivery delivery) {
    return Long.toString(delivery.now().getEpochSecond());
  }

  /**
   * Event types are free text: of what a header cannot carry, the bytes of UTF-8 are
   * percent-encoded, and of very long ones the end is left out.
   */
  private static String visible(String text) {
    StringBuilder out = new StringBuilder();
    for (int c : text.strip().codePoints().toArray()) {
      String next = c >= 0x20 && c < 0x7F ? Character.toString(c) : encoded(Character.toString(c));
      if (out.length() + next.length() > MAX_EVENT_CHARS) {
        break;
      }
      out.append(next);
    }
    return out.toString().strip();
  }

  private static String encoded(String character) {
    StringBuilder out = new StringBuilder();
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      PercentEncoding.escape(out, b);
    }
    return out.toString();
  }
}
