package io.fastyoke.integrations;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * In dev mode only: a receiver for trying webhooks. It echoes the request; {@code ?status=503}
 * answers with that status.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DevEcho {
  private static final int OK = 200;

  /** Before authentication: the credential that arrives here is the receiver's, not this API's. */
  private static final int BEFORE_AUTHENTICATION = -10_000;

  void route(@Observes Router router) {
    router
        .route("/dev/echo*")
        .order(BEFORE_AUTHENTICATION)
        .handler(BodyHandler.create())
        .handler(echo());
  }

  private static Handler<RoutingContext> echo() {
    return context -> {
      JsonObject headers = new JsonObject();
      context.request().headers().forEach(headers::put);
      String status = context.request().getParam("status");
      context
          .response()
          .setStatusCode(
              status != null && status.matches("[2-5]\\d\\d") ? Integer.parseInt(status) : OK)
          .putHeader("content-type", "application/json")
          .end(
              new JsonObject()
                  .put("method", context.request().method().name())
                  .put("uri", context.request().uri())
                  .put("headers", headers)
                  .put("body", context.body().asString())
                  .encodePrettily());
    };
  }
}
