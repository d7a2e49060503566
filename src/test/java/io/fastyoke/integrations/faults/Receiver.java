package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.faults.Plan.Script;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All the hosts that are fired at. Writes down every request that arrives whole, before it answers
 * as the request's own {@link Script} says.
 */
final class Receiver implements AutoCloseable {
  /**
   * One request.
   *
   * @param delivery the delivery id that its body names
   * @param header the delivery id that its headers name; null for Twilio and SendGrid
   * @param path the whole of it
   * @param asksForMore whether the answer asks for a repetition, and says that nothing was done
   * @param closed whether the connection was ended in place of an answer: on one that was kept, the
   *     request is sent once more within the same attempt
   */
  record Arrival(
      Instant at,
      String key,
      String run,
      String delivery,
      int index,
      @Nullable String header,
      @Nullable String attempt,
      String path,
      @Nullable String authorization,
      boolean asksForMore,
      boolean closed) {}

  private static final Pattern LABEL =
      Pattern.compile("(k-[\\w-]+) ([0-9a-f-]{36}) ([0-9a-f-]{36}) (\\d+) ([A-Z_]+)");
  private static final Duration LONGER_THAN_AN_ATTEMPT = Duration.ofSeconds(4);

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final Collection<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Runnable> trap = new AtomicReference<>();

  int port() {
    return server.port();
  }

  Collection<Arrival> arrivals() {
    return arrivals;
  }

  /** Runs something once, when the next request has arrived and before it is answered. */
  void onNextArrival(Runnable action) {
    trap.set(action);
  }

  /** Forgets what was to be run. */
  void disarm() {
    trap.set(null);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Matcher label = LABEL.matcher(URLDecoder.decode(body, UTF_8));
      if (!label.find()) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      Script script = Script.valueOf(label.group(5));
      boolean first = seen.merge(label.group(3), 1, Integer::sum) == 1;
      arrivals.add(arrival(exchange, label, first ? script : Script.OK));
      Runnable action = trap.getAndSet(null);
      if (action != null) {
        action.run();
      }
      play(exchange, script, first);
    }
  }

  private static Arrival arrival(HttpExchange exchange, Matcher label, Script playing) {
    return new Arrival(
        Instant.now(),
        label.group(1),
        label.group(2),
        label.group(3),
        Integer.parseInt(label.group(4)),
        exchange.getRequestHeaders().getFirst("X-FastYoke-Delivery"),
        exchange.getRequestHeaders().getFirst("X-FastYoke-Attempt"),
        exchange.getRequestURI().getPath(),
        exchange.getRequestHeaders().getFirst("Authorization"),
        playing == Script.BUSY_FIRST,
        playing == Script.CLOSE_FIRST);
  }

  private static void play(HttpExchange exchange, Script script, boolean first) throws IOException {
    if (first && script == Script.CLOSE_FIRST) {
      return;
    }
    if (first && script == Script.HANG_FIRST) {
      pause(LONGER_THAN_AN_ATTEMPT);
      return;
    }
    int status = 200;
    if (script == Script.REFUSE) {
      status = 400;
    } else if (first && script == Script.BUSY_FIRST) {
      status = 429;
    }
    byte[] answer = "{\"ok\":true}".getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
  }

  @Override
  public void close() {
    server.close();
  }
}
