package io.fastyoke.integrations.notices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.http.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of a notice: {@code {type, timestamp, data}}, the payload form of Standard Webhooks
 * 1.0.0. It holds names, ids, times and codes, and nothing of a credential or of job data but the
 * job's id.
 */
final class NoticeBody {
  private NoticeBody() {}

  /**
   * The connection that a notice is about, as it is when the notice is made; all null when there is
   * none.
   */
  record Subject(
      @Nullable String id,
      @Nullable String name,
      @Nullable String provider,
      @Nullable String host) {}

  /**
   * Writes a notice.
   *
   * @param telling what the database has kept of the events: {@code count}, {@code since} and
   *     {@code at} in milliseconds, {@code detail}
   */
  static ObjectNode of(String type, JsonNode telling, Subject subject) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", type);
    body.put("timestamp", time(telling.path("at")));
    ObjectNode data = body.putObject("data");
    data.put("connection_id", subject.id());
    data.put("connection_name", subject.name());
    data.put("provider", subject.provider());
    data.put("host", subject.host());
    data.put("count", telling.path("count").asLong());
    data.put("since", time(telling.path("since")));
    if (telling.path("detail") instanceof ObjectNode detail) {
      data.setAll(detail);
    }
    return body;
  }

  private static String time(JsonNode milliseconds) {
    return Timestamps.format(Instant.ofEpochMilli(milliseconds.asLong()));
  }
}
