package io.fastyoke.integrations.http;

import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Answers one page of a list: a plain array, and a link to the next page if there is one. */
public final class Pages {
  private Pages() {}

  /**
   * Cuts the rows to the page.
   *
   * @param found up to one row more than the page holds; that one says that there is another page
   */
  public static <T> RestResponse<List<T>> of(
      List<T> found, Function<T, UUID> id, PageRequest page, UriInfo uri) {
    boolean more = found.size() > page.limit();
    return of(more ? List.copyOf(found.subList(0, page.limit())) : found, more, id, uri);
  }

  /**
   * Answers rows that are a page already.
   *
   * @param more whether there is another page
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
