package io.fastyoke.integrations.http;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code MANAGEMENT_PORT}: serves {@code /q} (health, metrics, OpenAPI) on a port of its own, so
 * that the public port has none of it. The framework's management interface can only be chosen at
 * build time, this one at the start. Both ports share one router.
 */
@ApplicationScoped
class ManagementPort {
  private static final Logger LOG = Logger.getLogger(ManagementPort.class);

  /** After everything else has started, and before the main port opens. */
  private static final int LATE = Integer.MAX_VALUE - 1;

  private static final String FRAMEWORK = "/q";
  private static final int HIGHEST = 65_535;

  private final Vertx vertx;
  private final String host;
  private final OptionalInt port;
  private volatile int listening = -1;

  ManagementPort(
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int mainPort,
      HttpSettings settings) {
    this.vertx = vertx;
    this.host = host;
    this.port = choose(settings.managementPort(), mainPort);
  }

  /** Empty when it is the main port. */
  private static OptionalInt choose(OptionalInt wanted, int mainPort) {
    if (wanted.isPresent() && (wanted.getAsInt() < 0 || wanted.getAsInt() > HIGHEST)) {
      throw new ConfigurationException(
          "MANAGEMENT_PORT is no port: give a number from 1 to " + HIGHEST + ".");
    }
    boolean same = wanted.isPresent() && wanted.getAsInt() != 0 && wanted.getAsInt() == mainPort;
    return same ? OptionalInt.empty() : wanted;
  }

  /** Blocks the main thread until the port is open. */
  void listen(@Observes @Priority(LATE) StartupEvent event) {
    if (port.isEmpty()) {
      return;
    }
    HttpServer server =
        vertx
            .createHttpServer(options())
            .requestHandler(request -> VertxHttpRecorder.getRootHandler().handle(request));
    try {
      listening = server.listen().toCompletionStage().toCompletableFuture().join().actualPort();
    } catch (CompletionException e) {
      throw new ConfigurationException(
          "MANAGEMENT_PORT %d cannot be opened: %s.".formatted(port.getAsInt(), reason(e)));
    }
    LOG.infof("Health, metrics and the description are on port %d", listening);
  }

  private static @Nullable String reason(CompletionException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : cause.getMessage();
  }

  /** The options of the main port in application.properties. */
  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port.getAsInt())
        .setMaxHeaderSize(48 * 1024)
        .setMaxInitialLineLength(16 * 1024)
        .setIdleTimeout(75)
        .setHttp2ClearTextEnabled(false)
        .setReuseAddress(true);
  }

  /** Whether the path belongs to the other port. */
  boolean isElsewhere(HttpServerRequest request, String path) {
    if (listening < 0) {
      return false;
    }
    SocketAddress local = request.localAddress();
    boolean here = local != null && local.port() == listening;
    boolean wanted = path.equals(FRAMEWORK) || path.startsWith(FRAMEWORK + "/");
    return here != wanted;
  }
}
