package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An authorization server ({@code /token}) and a receiver that takes its tokens ({@code /api}):
 * what is not granted, or revoked, it answers with 401, and echoes the header.
 */
public final class TokenServer implements AutoCloseable {
  /** What the next request for a token is answered with, in place of a token. */
  public interface Fault {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** One request for a token. */
  public record Asked(String authorization, String body) {}

  public final List<Asked> asked = new CopyOnWriteArrayList<>();
  final List<String> called = new CopyOnWriteArrayList<>();
  final List<String> granted = new CopyOnWriteArrayList<>();
  public volatile Fault fault;
  volatile int seconds = 3600;
  volatile int mostAtOnce;
  private final Set<String> valid = ConcurrentHashMap.newKeySet();
  private final AtomicInteger now = new AtomicInteger();
  private final LoopbackServer server =
      LoopbackServer.start().on("/token", this::token).on("/api", this::api);

  /** Its origin, without a slash at the end. */
  public String url() {
    return server.url();
  }

  /** From now on, no token that was granted is taken. */
  void revoke() {
    valid.clear();
  }

  int refused() {
    return (int) called.stream().filter(call -> call.startsWith("401")).count();
  }

  /** A new token, as the body of an answer. */
  String grant() {
    String token = "s3cr3t-token-" + UUID.randomUUID();
    valid.add("Bearer " + token);
    granted.add(token);
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
        .formatted(token, seconds);
  }

  private void token(HttpExchange exchange) throws IOException {
    mostAtOnce = Math.max(mostAtOnce, now.incrementAndGet());
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add(new Asked(authorization, body));
    try {
      Fault wrong = fault;
      if (wrong != null) {
        wrong.answer(exchange);
        return;
      }
      LoopbackServer.answer(exchange, 200, grant());
    } finally {
      now.decrementAndGet();
    }
  }

  private void api(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    int status = valid.contains(authorization) ? 200 : 401;
    if (exchange.getRequestURI().getPath().endsWith("/teapot")) {
      status = 418;
    }
    called.add(status + " " + exchange.getRequestURI().getPath());
    LoopbackServer.answer(exchange, status, "{\"you_sent\":\"" + authorization + "\"}");
  }

  @Override
  public void close() {
    server.close();
  }
}
