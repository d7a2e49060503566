package io.fastyoke.integrations.identity;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * In dev mode only: a token for the tenant {@code dev}. It is logged at start, and the admin page
 * fetches it.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DevToken {
  private static final Logger LOG = Logger.getLogger(DevToken.class);

  private final TokenSettings settings;

  DevToken(TokenSettings settings) {
    this.settings = settings;
  }

  void print(@Observes StartupEvent event) {
    if (TokenKeys.none(settings)) {
      LOG.infof("Tenant \"dev\", admin token:%n%nexport TOKEN=%s%n", token());
    } else {
      LOG.info("No dev token, because a JWT key is set: sign a token with that key.");
    }
  }

  void route(@Observes Router router) {
    if (!TokenKeys.none(settings)) {
      return;
    }
    // Tells the page that it may fetch the token. The page's own path is
    // rerouted to this one.
    router
        .get("/integrations.html")
        .order(-1)
        .handler(
            context -> {
              context.addHeadersEndHandler(
                  written -> context.response().putHeader("Server-Timing", "dev"));
              context.next();
            });
    router
        .get("/dev/token")
        .order(-1)
        .handler(
            context ->
                context
                    .response()
                    .putHeader("content-type", "application/json")
                    .putHeader("cache-control", "no-store")
                    .end(new JsonObject().put("token", token()).encode()));
  }

  private String token() {
    return DevTokens.sign(settings, true);
  }
}
