package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Serves the bundled admin page at {@code /admin/integrations}, with or without a trailing slash.
 * The page routes by the fragment, which is never sent to the server.
 */
@ApplicationScoped
final class AdminPage {
  static final String ADDRESS = "/admin/integrations";
  private static final String BUNDLED = "/integrations.html";

  void register(@Observes Router router) {
    router.route(ADDRESS).handler(context -> context.reroute(BUNDLED));
    router.route(BUNDLED).handler(AdminPage::revalidate);
  }

  /**
   * The page must be revalidated; its scripts have hashes in their names and may be cached for
   * ever. The header is set when headers are written, because the static handler sets another
   * value, and registered after rerouting, which drops earlier handlers.
   */
  private static void revalidate(RoutingContext context) {
    context.addHeadersEndHandler(
        ignored -> context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache"));
    context.next();
  }
}
