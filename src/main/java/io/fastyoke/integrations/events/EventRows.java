package io.fastyoke.integrations.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.DeliveryRef;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The INSERT into {@code event_log}, and its parameters: one array per column, so that one
 * statement inserts any number of events.
 */
@ApplicationScoped
public class EventRows {
  private record Column(
      String name, String type, BiFunction<EventRows, Event, @Nullable Object> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", "uuid", (rows, e) -> e.id()),
          new Column("tenant_id", "text", (rows, e) -> e.tenant().value()),
          new Column("run_id", "uuid", (rows, e) -> of(e.delivery(), DeliveryRef::runId)),
          new Column("job_id", "text", (rows, e) -> of(e.delivery(), DeliveryRef::jobId)),
          new Column(
              "action_index", "int", (rows, e) -> of(e.delivery(), DeliveryRef::actionIndex)),
          new Column("delivery_id", "uuid", (rows, e) -> of(e.delivery(), DeliveryRef::deliveryId)),
          new Column("connection_id", "uuid", (rows, e) -> e.connectionId()),
          new Column("provider", "text", (rows, e) -> e.provider()),
          new Column("event_type", "text", (rows, e) -> e.type()),
          new Column(
              "transition_event_type",
              "text",
              (rows, e) -> of(e.delivery(), DeliveryRef::transitionEventType)),
          new Column("outcome", "text", (rows, e) -> e.outcome().wire()),
          new Column("attempt", "int", (rows, e) -> of(e.delivery(), DeliveryRef::attempt)),
          new Column("request_method", "text", (rows, e) -> of(e.sent(), RequestLine::method)),
          new Column("request_url", "text", (rows, e) -> text(of(e.sent(), RequestLine::url))),
          new Column("response_status", "int", (rows, e) -> of(e.answer(), Answer::status)),
          new Column("response_headers", "text", (rows, e) -> rows.headers(e.answer())),
          new Column("response_body", "text", (rows, e) -> text(of(e.answer(), Answer::body))),
          new Column(
              "response_truncated",
              "boolean",
              (rows, e) -> e.answer() != null && e.answer().truncated()),
          new Column(
              "provider_message_id", "text", (rows, e) -> text(of(e.answer(), Answer::messageId))),
          new Column("error_code", "text", (rows, e) -> of(e.error(), Failure::code)),
          new Column("error_message", "text", (rows, e) -> text(of(e.error(), Failure::message))),
          new Column("duration_ms", "int", (rows, e) -> e.durationMs()),
          new Column("actor", "text", (rows, e) -> text(e.actor().sub())),
          new Column("impersonated_by", "text", (rows, e) -> text(e.actor().impersonatedBy())),
          new Column(
              "ends_action",
              "boolean",
              (rows, e) -> e.delivery() != null && e.delivery().endsAction()),
          new Column(
              "occurred_at",
              "timestamptz",
              (rows, e) -> OffsetDateTime.ofInstant(e.occurredAt(), ZoneOffset.UTC)));

  /** All columns. */
  static final String NAMES = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));

  /**
   * The beginning of the statement that logs a change of a connection; behind it come {@code
   * VALUES} or a {@code SELECT} of these columns.
   */
  public static final String INSERT_CHANGE =
      """
      INSERT INTO event_log (id, tenant_id, connection_id, provider, event_type, outcome, actor, impersonated_by, occurred_at)
      """;

  /** How many parameters {@link #addTo} adds. */
  public static final int COUNT = COLUMNS.size();

  private final ObjectMapper json;

  EventRows(ObjectMapper json) {
    this.json = json;
  }

  /**
   * The statement that inserts events from array parameters, the first of which is {@code $first}.
   * The rows are {@code e}; a {@code JOIN} may follow that leaves some out.
   */
  public static String insert(int first) {
    return "INSERT INTO event_log (" + NAMES + ") SELECT e.* FROM " + unnest(first);
  }

  private static String unnest(int first) {
    String arrays =
        IntStream.range(0, COLUMNS.size())
            .mapToObj(i -> "$" + (first + i) + "::" + COLUMNS.get(i).type() + "[]")
            .collect(Collectors.joining(", "));
    return "unnest(" + arrays + ") AS e(" + NAMES + ")";
  }

  /** Adds one array parameter for each column. */
  public void addTo(Tuple parameters, List<Event> events) {
    for (Column column : COLUMNS) {
      List<@Nullable Object> values = new ArrayList<>(events.size());
      for (Event event : events) {
        values.add(column.value().apply(this, event));
      }
      parameters.addValue(typed(column.type(), values));
    }
  }

  /** The driver infers the element type from the array's class. */
  private static Object typed(String type, List<@Nullable Object> values) {
    return switch (type) {
      case "uuid" -> values.toArray(new java.util.UUID[0]);
      case "int" -> values.toArray(new Integer[0]);
      case "boolean" -> values.toArray(new Boolean[0]);
      case "timestamptz" -> values.toArray(new OffsetDateTime[0]);
      default -> values.toArray(new String[0]);
    };
  }

  private @Nullable String headers(@Nullable Answer answer) {
    try {
      return answer == null ? null : text(json.writeValueAsString(answer.headers()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers that cannot be written", e);
    }
  }

  /**
   * PostgreSQL's text cannot hold NUL, and a lone surrogate is not UTF-8; neither may lose a row.
   */
  private static @Nullable String text(@Nullable String value) {
    return value == null ? null : value.replace('\0', '\uFFFD');
  }

  private static <A, B> @Nullable B of(@Nullable A value, Function<A, @Nullable B> part) {
    return value == null ? null : part.apply(value);
  }
}
