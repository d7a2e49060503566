package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Hosts with which no connection comes about. The attempt ends with its deadline, as one in which
 * nothing was sent, and holds nothing up.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class SlowConnectTest {
  private static final int DEADLINE_MS = 1_000;
  private static final int PROMISED_MS = 500;

  /** Until a connection that is not made by then counts as one that will not be. */
  private static final int UNANSWERED_MS = 300;

  private static final int MOST_WAITING = 20;

  private final Api api = Api.fresh();

  /** The kernel completes the connection; nobody ever answers what is said in it. */
  @Test
  void aHandshakeThatNeverEnds() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      endsInTime("https", mute.getLocalPort(), 1);
    }
  }

  /** A queue that is full: the kernel drops what asks for another connection. */
  @Test
  void aConnectionThatIsNeverAnswered() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      fill(full, waiting);
      endsInTime("http", full.getLocalPort(), 1);
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Nothing was sent, so even a provider that knows no repetition is asked again. */
  @Test
  void isTriedAgainWhenTheActionSaysSo() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      endsInTime("https", mute.getLocalPort(), 2);
    }
  }

  private static void fill(ServerSocket full, List<Socket> waiting) throws IOException {
    for (int i = 0; i < MOST_WAITING; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), UNANSWERED_MS);
      } catch (SocketTimeoutException dropped) {
        return;
      }
    }
    throw new AssertionError("the system answers however many wait");
  }

  private void endsInTime(String scheme, int port, int attempts) {
    String slow =
        api.as()
            .body(
                Map.of(
                    "provider",
                    "generic_rest",
                    "connection_name",
                    "slow " + UUID.randomUUID(),
                    "credentials",
                    Map.of("base_url", scheme + "://127.0.0.1:" + port),
                    "settings",
                    Map.of("timeout_ms", DEADLINE_MS)))
            .post(Api.CONNECTIONS)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Map<String, Object> retry = Map.of("max_attempts", attempts, "backoff_ms", 1);
    Response run =
        api.fire(
            Api.with(Api.with(Api.action(slow, "/x"), "continue_on_failure", true), "retry", retry),
            Api.action(api.rest(), "/next"));
    run.then()
        .statusCode(200)
        .body("actions[0].error.code", equalTo("unreachable"))
        .body("actions[0].attempts", equalTo(attempts))
        .body("actions[1].status", equalTo("succeeded"));
    List<Map<String, Object>> events =
        api.events("connection_id=" + slow + "&event_type=WEBHOOK&limit=100");
    assertThat(events).hasSize(attempts);
    assertThat(events)
        .allSatisfy(
            event ->
                assertThat((Integer) event.get("duration_ms"))
                    .isBetween(DEADLINE_MS - 50, DEADLINE_MS + PROMISED_MS));
    assertThat(api.charged()).as("tried once or more, and the next").isEqualTo(2);
  }
}
