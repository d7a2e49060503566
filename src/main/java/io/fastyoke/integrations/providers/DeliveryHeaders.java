package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every delivery to a tenant's endpoint says about itself. Times are seconds since 1970. */
final class DeliveryHeaders {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

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

  /** The signatures; a request without a body is signed as one of no bytes. */
  static List<Header> signed(Delivery delivery, SigningSecret secret, byte @Nullable [] body) {
    byte[] raw = body == null ? new byte[0] : body;
    return List.of(
        new Header("X-FastYoke-Signature", secret.ofBody(raw)),
        new Header("webhook-id", delivery.deliveryId().toString()),
        new Header("webhook-timestamp", seconds(delivery)),
        new Header(
            "webhook-signature", secret.standard(delivery.deliveryId(), delivery.now(), raw)));
  }

  private static String seconds(Delivery delivery) {
    return Long.toString(delivery.now().getEpochSecond());
  }

  /** Event types are free text: what a header cannot carry is percent-encoded, and so is %. */
  private static String visible(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0x20 && b < 0x7F && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }
}
