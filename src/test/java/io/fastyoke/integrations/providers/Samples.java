package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** What the tests of this package are made of. */
final class Samples {
  static final TenantId TENANT = new TenantId("acme");
  static final UUID DELIVERY = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final ProviderHosts PUBLISHED = new ProviderHosts(name -> Optional.empty());

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  private Samples() {}

  static ProviderHosts allAt(String url) {
    return new ProviderHosts(name -> Optional.of(url));
  }

  static Credentials credentials(Map<String, ?> fields) {
    return credentials(JSON.valueToTree(fields).toString());
  }

  static Credentials credentials(String json) {
    try {
      return JSON.readValue(json, Credentials.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static RenderedAction post(String path, String body) {
    return new RenderedAction("POST", path, List.of(), json(body));
  }

  /** As the service does it: checked first. */
  static OutboundRequest request(
      Provider provider, Credentials credentials, RenderedAction action, Delivery delivery) {
    return CheckedAction.of(provider, credentials, action).request(delivery);
  }

  static Delivery delivery(int attempt, Instant now) {
    return new Delivery(
        TENANT,
        UUID.fromString("01890a5d-0000-7000-8000-000000000001"),
        DELIVERY,
        attempt,
        now,
        "start",
        Duration.ofSeconds(5));
  }

  static Exchange.Answered answer(int status, String body, String... header) {
    List<Map.Entry<String, String>> headers =
        IntStream.range(0, header.length / 2)
            .mapToObj(i -> Map.entry(header[2 * i], header[2 * i + 1]))
            .toList();
    return new Exchange.Answered(
        status, headers, body.getBytes(StandardCharsets.UTF_8), false, Duration.ofMillis(1));
  }
}
