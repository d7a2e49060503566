package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Serves the bundled admin page at {@code /admin/integrations}, with or without a slash behind it.
 * What is shown there is chosen by the fragment, which never reaches the server.
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
   * The page names its scripts by their hashes, so they may be kept for ever, but it may not. Said
   * at the last moment, since the static handler would say otherwise, and after rerouting, which
   * forgets what was said before.
   */
  private static void revalidate(RoutingContext context) {
    context.addHeadersEndHandler(
        ignored -> context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache"));
    context.next();
  }
}
