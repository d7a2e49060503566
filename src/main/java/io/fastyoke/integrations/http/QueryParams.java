package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses optional query parameters; each method returns null for an absent one. */
public final class QueryParams {
  private QueryParams() {}

  /**
   * An RFC 3339 time, such as {@code since}.
   *
   * @throws ApiException 400 naming the parameter
   */
  public static @Nullable Instant instant(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      // An unescaped plus sign arrives as a space, which RFC 3339 times do not have.
      return Timestamps.parse(text.replace(' ', '+'));
    } catch (DateTimeException e) {
      throw ApiException.invalid(name, "must be an RFC 3339 time");
    }
  }

  /**
   * Checks that a range of time does not end before it begins.
   *
   * @throws ApiException 400 naming {@code until}
   */
  public static void requireOrder(@Nullable Instant since, @Nullable Instant until) {
    if (since != null && until != null && since.isAfter(until)) {
      throw ApiException.invalid("until", "must not be before since");
    }
  }

  /**
   * A UUID, such as {@code connection_id}.
   *
   * @throws ApiException 400 naming the parameter
   */
  public static @Nullable UUID uuid(String name, @Nullable String text) {
    return text == null
        ? null
        : Uuids.parse(text).orElseThrow(() -> ApiException.invalid(name, "must be a UUID"));
  }

  /**
   * UUIDs, separated by commas.
   *
   * @param max the largest number of ids
   * @throws ApiException 400 naming the parameter
   */
  public static @Nullable List<UUID> uuids(String name, @Nullable String text, int max) {
    if (text == null) {
      return null;
    }
    List<String> parts = List.of(text.split(",", -1));
    if (parts.size() > max) {
      throw ApiException.invalid(name, "must have at most " + max + " ids");
    }
    List<UUID> ids = new ArrayList<>();
    for (String part : parts) {
      ids.add(
          Uuids.parse(part)
              .orElseThrow(() -> ApiException.invalid(name, "must be UUIDs, separated by commas")));
    }
    return List.copyOf(ids);
  }

  /**
   * A constant, written in lower case.
   *
   * @throws ApiException 400 naming the parameter and the constants
   */
  public static <E extends Enum<E>> @Nullable E oneOf(
      String name, Class<E> type, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> lower(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> ApiException.invalid(name, "must be one of " + all(type)));
  }

  private static <E extends Enum<E>> String all(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(QueryParams::lower)
        .collect(Collectors.joining(", "));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
