package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another host. Answers {@code …/status/NNN} with that status and the request's own Authorization
 * header in the body, everything else with 200; {@code …/slow/NNN} after that many milliseconds;
 * {@code …/half} with half of what it announces, and {@code …/cut} with that and the end of the
 * connection; {@code …/large} with 100,000 bytes; {@code …/refused} with 200 and {@code "ok":
 * false}; {@code …/message/ID} as Twilio and SendGrid name a message that they took; {@code …/echo}
 * with the request's own body.
 */
public final class Receiver {
  /** One request. */
  public record Arrival(
      String method, String path, Map<String, List<String>> headers, String body, long nanos) {
    /** The first of that name; names begin with a capital letter. */
    public String header(String name) {
      return headers.getOrDefault(name, List.of("")).get(0);
    }
  }

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
  private final Map<String, Integer> mostAtOnce = new ConcurrentHashMap<>();

  /** Where it listens. */
  public String url() {
    return server.url();
  }

  /** What has arrived at paths with this in them, in order. */
  public List<Arrival> at(String part) {
    return arrivals.stream().filter(arrival -> arrival.path().contains(part)).toList();
  }

  /** How many requests below this first part of the path were being answered at the same time. */
  int mostAtOnce(String firstPart) {
    return mostAtOnce.getOrDefault(firstPart, 0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String firstPart = exchange.getRequestURI().getPath().split("/", 3)[1];
    AtomicInteger now = atOnce.computeIfAbsent(firstPart, any -> new AtomicInteger());
    mostAtOnce.merge(firstPart, now.incrementAndGet(), Math::max);
    try {
      record(exchange, now);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void record(HttpExchange exchange, AtomicInteger now)
      throws IOException, InterruptedException {
    String path = exchange.getRequestURI().toString();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    arrivals.add(
        new Arrival(
            exchange.getRequestMethod(),
            path,
            Map.copyOf(exchange.getRequestHeaders()),
            body,
            System.nanoTime()));
    int at = path.indexOf("/status/");
    int status = at < 0 ? 200 : Integer.parseInt(path.substring(at + 8, at + 11));
    int slow = path.indexOf("/slow/");
    if (slow >= 0) {
      Thread.sleep(Long.parseLong(path.substring(slow + 6)));
    }
    now.decrementAndGet();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (path.endsWith("/half")) {
      half(exchange, status);
      return;
    }
    if (path.endsWith("/cut")) {
      half(exchange, status);
      exchange.close();
      return;
    }
    byte[] answer = ("{\"you_sent\":\"" + authorization + "\"}").getBytes(UTF_8);
    if (path.endsWith("/refused")) {
      String error = "channel_not_found " + authorization;
      answer = ("{\"ok\":false,\"error\":\"" + error + "\"}").getBytes(UTF_8);
    }
    if (path.endsWith("/large")) {
      answer = "x".repeat(100_000).getBytes(UTF_8);
    }
    int message = path.indexOf("/message/");
    if (message >= 0) {
      String id = path.substring(message + 9);
      answer = ("{\"from\":{\"sid\":\"not this\"},\"sid\":\"" + id + "\"}").getBytes(UTF_8);
      exchange.getResponseHeaders().set("X-Message-Id", id);
    }
    if (path.endsWith("/echo")) {
      answer = body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("X-Request-Id", "req-7");
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  /** The other half never comes; the client hangs up, and the next write would fail. */
  private static void half(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, 20);
    exchange.getResponseBody().write("it began ".getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }
}
