package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The page of a list that a request asks for.
 *
 * @param limit rows on a page, {@value #MIN} to {@value #MAX}
 * @param cursor the end of the page before, or null for the first page
 */
public record PageRequest(int limit, @Nullable Cursor cursor) {
  static final int MIN = 1;
  static final int MAX = 200;
  static final int DEFAULT = 50;

  /**
   * Parses the query parameters {@code limit} and {@code cursor}.
   *
   * @throws ApiException 400 naming the parameter
   */
  public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
    return new PageRequest(limit(limit), cursor == null ? null : Cursor.parse(cursor));
  }

  /**
   * The value of the {@code Link} header for the next page (RFC 8288). It is relative to the host,
   * so that it works behind any proxy, and keeps all other parameters.
   *
   * @param uri of the request
   * @param next the last row of this page
   */
  public static String linkToNext(UriInfo uri, Cursor next) {
    return nextAfter(uri.getRequestUri(), next);
  }

  static String nextAfter(URI request, Cursor next) {
    String query = request.getRawQuery();
    String kept =
        query == null
            ? ""
            : parts(query).stream().map(part -> part + "&").collect(Collectors.joining());
    return "<" + request.getRawPath() + "?" + kept + "cursor=" + next.encode() + ">; rel=\"next\"";
  }

  private static List<String> parts(String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(part -> !part.isEmpty() && !part.equals("cursor") && !part.startsWith("cursor="))
        .toList();
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= MIN && limit <= MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw ApiException.invalid("limit", "must be a whole number from " + MIN + " to " + MAX);
  }
}
