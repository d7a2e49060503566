package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.support.LoopbackServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JwksDownloadTest {
  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch over = new CountDownLatch(1);
  private LoopbackServer server;

  @BeforeEach
  void listen() throws IOException {
    server = LoopbackServer.start();
    server.on("/good", exchange -> answer(exchange, 200, "{\"keys\":[]}"));
    server.on("/missing", exchange -> answer(exchange, 404, "{}"));
    server.on("/large", exchange -> answer(exchange, 200, "x".repeat(300_000)));
    server.on(
        "/elsewhere",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/good");
          answer(exchange, 302, "");
        });
    server.on("/silent", exchange -> await());
    server.on("/drip", this::drip);
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsTheSet() {
    assertThat(get("/good")).isEqualTo("{\"keys\":[]}");
  }

  @Test
  void takesNothingButStatus200AndFollowsNoRedirect() {
    assertThatThrownBy(() -> get("/missing")).hasMessageContaining("404");
    assertThatThrownBy(() -> get("/elsewhere")).hasMessageContaining("302");
  }

  @Test
  void isBoundedInSize() {
    assertThatThrownBy(() -> get("/large")).hasMessageContaining("larger");
  }

  @Test
  void isBoundedInTimeEvenWhenTheBodyDrips() {
    assertThatThrownBy(() -> get("/silent")).isNotNull();
    assertThatThrownBy(() -> get("/drip")).isNotNull();
    // The one pooled connection has been given back.
    assertThat(get("/good")).isEqualTo("{\"keys\":[]}");
  }

  /** Where the outside is reached through a proxy, the publisher is as well. */
  @Test
  void asksThroughTheProxy() {
    String proxy = "http://user:word@127.0.0.1:" + server.port();
    assertThat(get(URI.create("http://idp.example.com/good"), proxy)).isEqualTo("{\"keys\":[]}");
  }

  private String get(String path) {
    return get(URI.create(server.url() + path), "");
  }

  private String get(URI address, String proxy) {
    return new JwksDownload(vertx, address, DEADLINE, Optional.of(proxy))
        .get()
        .await()
        .atMost(DEADLINE.multipliedBy(8));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    await();
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
