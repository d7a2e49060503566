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
    if (found.size() <= page.limit()) {
      return RestResponse.ok(found);
    }
    List<T> rows = found.subList(0, page.limit());
    Cursor last = new Cursor(id.apply(rows.get(rows.size() - 1)));
    return ResponseBuilder.ok(List.copyOf(rows))
        .header("Link", PageRequest.linkToNext(uri, last))
        .build();
  }
}
