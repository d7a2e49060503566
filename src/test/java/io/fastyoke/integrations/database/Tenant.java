package io.fastyoke.integrations.database;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A tenant with a receiver of its own, which answers 503 below {@code /busy} and 204 elsewhere. */
final class Tenant implements AutoCloseable {
  static final String RUNS = "/api/v1/tenant/action-runs";

  /** The delivery id of each arrival, after its path. */
  final Queue<String> arrivals = new ConcurrentLinkedQueue<>();

  private final ServiceClient client = ServiceClient.tenant("one");
  private final LoopbackServer receiver;

  Tenant() throws IOException {
    receiver =
        LoopbackServer.start(
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              String path = exchange.getRequestURI().getPath();
              arrivals.add(
                  path + " " + exchange.getRequestHeaders().getFirst("X-FastYoke-Delivery"));
              exchange.sendResponseHeaders(path.startsWith("/busy") ? 503 : 204, -1);
              exchange.close();
            });
  }

  /** Makes a connection to the receiver. */
  String connect(URI at) {
    return client.connect(at, "the receiver", receiver.url());
  }

  /** Fires and waits for the end; a job's runs go one after the other. */
  Answer fire(URI at, String connection, String job, String path) {
    return fire(at, connection, job, path, "wait=20");
  }

  /** The same with another preference; {@code wait=0} waits for nothing. */
  Answer fire(URI at, String connection, String job, String path, String prefer) {
    return client.send(
        at,
        "POST",
        RUNS,
        Map.of(
            "job", Map.of("id", job),
            "transition", Map.of("event_type", "start"),
            "actions",
                List.of(
                    Map.of(
                        "action_type",
                        "WEBHOOK",
                        "payload_template",
                        Map.of("connection_id", connection, "path", path, "body", Map.of("a", 1)),
                        "retry",
                        Map.of(
                            "max_attempts",
                            5,
                            "backoff_ms",
                            3_600_000,
                            "max_backoff_ms",
                            3_600_000)))),
        prefer);
  }

  JsonNode get(URI at, String path) {
    return client.send(at, "GET", path, null).json();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
