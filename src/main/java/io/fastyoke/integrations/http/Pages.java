package io.fastyoke.integrations.http;

import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** The answer with one page of a list: an array, and a {@code Link} header to the next page. */
public final class Pages {
  private Pages() {}

  /**
   * A page of rows that may be one too many.
   *
   * @param found at most one row more than the limit; the extra row means that there is a next page
   */
  public static <T> RestResponse<List<T>> of(
      List<T> found, Function<T, UUID> id, PageRequest page, UriInfo uri) {
    boolean more = found.size() > page.limit();
    return of(more ? List.copyOf(found.subList(0, page.limit())) : found, more, id, uri);
  }

  /**
   * A page of exactly these rows.
   *
   * @param more whether there is a next page
   */
  public static <T> RestResponse<List<T>> of(
      List<T> rows, boolean more, Function<T, UUID> id, UriInfo uri) {
    if (!more) {
      return RestResponse.ok(rows);
    }
    Cursor last = new Cursor(id.apply(rows.get(rows.size() - 1)));
    return ResponseBuilder.ok(rows).header("Link", PageRequest.linkToNext(uri, last)).build();
  }
}
