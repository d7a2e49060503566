package io.fastyoke.integrations.providers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A real HTTP server that keeps what arrives, and a client that sends what an adapter built. */
final class Receiver implements AutoCloseable {

  /** What arrived; header names are in lower case. */
  record Arrival(String method, String target, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).get(0);
    }
  }

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final int status;
  private final byte[] answer;

  Receiver(int status, String answer) throws IOException {
    this.status = status;
    this.answer = answer.getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Exchange.Answered send(OutboundRequest request) throws Exception {
    HttpRequest.Builder out =
        HttpRequest.newBuilder(request.target())
            .timeout(request.deadline())
            .method(
                request.method(),
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(header -> out.header(header.name(), header.value().toString()));
    HttpResponse<byte[]> in = client.send(out.build(), HttpResponse.BodyHandlers.ofByteArray());
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    in.headers().map().forEach((k, values) -> values.forEach(v -> headers.add(Map.entry(k, v))));
    return new Exchange.Answered(in.statusCode(), headers, in.body(), false, Duration.ofMillis(1));
  }

  Arrival arrived() {
    Arrival arrival = arrivals.poll();
    if (arrival == null) {
      throw new AssertionError("nothing arrived");
    }
    return arrival;
  }

  private void take(HttpExchange exchange) throws IOException {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.getRequestHeaders());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestURI().toString();
    arrivals.add(new Arrival(exchange.getRequestMethod(), target, headers, body));
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
