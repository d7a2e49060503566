package io.fastyoke.integrations.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** RFC 3339 times: written in UTC with three decimals, parsed with any offset. */
public final class Timestamps {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  // RFC 3339 years have four digits.
  private static final int MAX_YEAR = 9999;

  private Timestamps() {}

  /** Such as {@code 2026-11-23T00:00:00.000Z}. */
  public static String format(Instant instant) {
    return FORMAT.format(instant);
  }

  /**
   * Parses a time.
   *
   * @throws DateTimeException when it is not RFC 3339, section 5.6
   */
  public static Instant parse(String text) {
    OffsetDateTime time = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    if (time.getYear() < 0 || time.getYear() > MAX_YEAR) {
      throw new DateTimeException("year out of range");
    }
    return time.toInstant();
  }

  static final class Writer extends StdScalarSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(format(value));
    }
  }

  static final class Reader extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        try {
          return parse(json.getText());
        } catch (DateTimeException e) {
          // Reported below, without the value.
        }
      }
      return (Instant) context.handleUnexpectedToken(Instant.class, json);
    }
  }
}
