package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a run says of attempts that failed on the way, and which of them are made again. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class FailedAttemptsTest {
  private static final Map<String, Object> TWICE = Map.of("max_attempts", 2, "backoff_ms", 1);

  private final Api api = Api.fresh();

  /** Reads each request's head and answers it with these bytes, and no more. */
  private static final class Odd implements AutoCloseable {
    private final ServerSocket listener;
    private final List<String> deliveries = new CopyOnWriteArrayList<>();
    private final byte[] answer;

    private Odd(String answer) throws IOException {
      this.answer = answer.getBytes(US_ASCII);
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      Thread thread = new Thread(this::listen, "odd host");
      thread.setDaemon(true);
      thread.start();
    }

    private void listen() {
      while (!listener.isClosed()) {
        try (Socket socket = listener.accept()) {
          BufferedReader in =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
          for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("x-fastyoke-delivery:")) {
              deliveries.add(line);
            }
          }
          socket.getOutputStream().write(answer);
        } catch (IOException gone) {
          // The client, or the listener.
        }
      }
    }

    private String url() {
      return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private Response fireAt(Odd host) {
    String connection =
        api.create("generic_rest", Map.of("base_url", host.url()))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    return api.fire(Api.with(Api.action(connection, "/x"), "retry", TWICE));
  }

  @Test
  void aConnectionThatEndsWithoutAnAnswerIsLost() throws IOException {
    endsTwiceAs("connection_lost", "");
  }

  @Test
  void anAnswerThatIsNotHttpIsAProtocolError() throws IOException {
    endsTwiceAs("protocol_error", "SSH-2.0-OpenSSH_9.2\r\n\r\n");
  }

  /** RFC 9110, section 15.3: the status is what counts, and the message went out. */
  @Test
  void anSmsWhoseAnswerIsCutShortWasSent() {
    String twilio = api.twilio();
    api.fire(Api.action(twilio, "/status/201/cut"), Api.action(api.rest(), "/after"))
        .then()
        .body("status", equalTo("succeeded"))
        .body("actions[0].response_status", equalTo(201))
        .body("actions[0].attempts", equalTo(1));
    assertThat(api.charged()).isEqualTo(2);
  }

  @Test
  void aSuccessWhoseBodyNeverEndsIsSentOnce() {
    String rest = api.rest();
    api.settings(rest, Map.of("timeout_ms", 500));
    String run =
        api.fire(Api.with(Api.action(rest, "/status/200/half"), "retry", TWICE))
            .then()
            .body("actions[0].status", equalTo("succeeded"))
            .body("actions[0].attempts", equalTo(1))
            .extract()
            .path("id");
    assertThat(api.events("run_id=" + run)).hasSize(1);
    assertThat(api.events("run_id=" + run).get(0))
        .containsEntry("outcome", "success")
        .containsEntry("response_truncated", true);
  }

  @Test
  void aReceiverThatIsGonePausesTheConnectionEvenIfItIsCutShort() {
    String rest = api.rest();
    api.fire(Api.with(Api.action(rest, "/status/410/cut"), "retry", TWICE))
        .then()
        .body("actions[0].response_status", equalTo(410))
        .body("actions[0].error.code", equalTo("http_status"))
        .body("actions[0].attempts", equalTo(1));
    api.as().get(Api.CONNECTIONS + "/" + rest).then().body("status", equalTo("paused"));
  }

  @Test
  void whatEverydayServersGetWrongIsASuccess() throws IOException {
    for (String answer :
        List.of(
            "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(9000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno header\r\nContent-Type: text/html; charset=x-odd\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nodd")) {
      try (Odd host = new Odd(answer)) {
        fireAt(host).then().body("status", equalTo("succeeded"));
        assertThat(host.deliveries).hasSize(1);
      }
    }
  }

  @Test
  void aReceiverMaySayThatItWantsNoFurtherAttempt() throws IOException {
    try (Odd host =
        new Odd(
            "HTTP/1.1 503 X\r\nWebhook-Delivery: what-else\r\n"
                + "Webhook-Delivery: Abort-Message; a=b\r\n\r\n")) {
      Response run = fireAt(host);
      run.then()
          .body("actions[0].attempts", equalTo(1))
          .body("actions[0].response_status", equalTo(503))
          .body("actions[0].error.code", equalTo("http_status"));
      assertThat(statusOf(run)).isEqualTo("active");
    }
  }

  @Test
  void aReceiverMaySayThatItWantsNothingAnyMore() throws IOException {
    for (int status : new int[] {500, 200}) {
      try (Odd host = new Odd("HTTP/1.1 " + status + " X\r\nwebhook-delivery: disable\r\n\r\n")) {
        Response run = fireAt(host);
        run.then()
            .body("status", equalTo(status == 200 ? "succeeded" : "failed"))
            .body("actions[0].attempts", equalTo(1));
        assertThat(statusOf(run)).isEqualTo("paused");
        assertThat(api.events("run_id=" + run.path("id")).get(0).get("response_headers"))
            .isEqualTo(Map.of("webhook-delivery", "disable"));
      }
    }
  }

  private String statusOf(Response run) {
    String connection = run.path("actions[0].connection_id");
    return api.as().get(Api.CONNECTIONS + "/" + connection).path("status");
  }

  /** W3C Trace Context: one trace, and a span for each attempt. */
  @Test
  void everyAttemptIsPartOfTheTraceThatFiredIt() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String rest = api.rest();
    String path = "/status/503?" + java.util.UUID.randomUUID();
    Map<String, Object> action = Api.with(Api.action(rest, path), "retry", TWICE);
    api.as()
        .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
        .header("Prefer", "wait=10")
        .body(Api.run("traced", List.of(action)))
        .post(Api.RUNS)
        .then()
        .body("actions[0].attempts", equalTo(2));
    List<String> seen =
        TestPostgres.receiver().at(path).stream()
            .map(arrival -> arrival.header("Traceparent"))
            .toList();
    assertThat(seen).hasSize(2).doesNotHaveDuplicates();
    assertThat(seen)
        .allMatch(header -> header.matches("00-" + trace + "-(?!00f067aa0ba902b7)[0-9a-f]{16}-01"));
  }

  /** A generic receiver knows the repetition by its delivery id. */
  private void endsTwiceAs(String code, String answer) throws IOException {
    try (Odd host = new Odd(answer)) {
      fireAt(host)
          .then()
          .body("status", equalTo("failed"))
          .body("actions[0].attempts", equalTo(2))
          .body("actions[0].error.code", equalTo(code));
      assertThat(host.deliveries).hasSize(2);
      assertThat(host.deliveries.get(1)).isEqualTo(host.deliveries.get(0));
      assertThat(api.events("event_type=WEBHOOK"))
          .extracting(event -> String.valueOf(((Map<?, ?>) event.get("error")).get("code")))
          .containsExactly(code, code);
      assertThat(api.charged()).isEqualTo(1);
    }
  }

  @Test
  void anSmsWhoseOutcomeIsUnknownIsRepeatedWhenTheActionSaysSo() {
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 1, "on_unknown", "retry");
    api.fire(Api.with(Api.action(api.twilio(), "/status/500"), "retry", retry))
        .then()
        .body("actions[0].attempts", equalTo(2))
        .body("actions[0].error.code", equalTo("outcome_unknown"));
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void withoutAWordThereIsOneAttempt() {
    api.fire(Api.action(api.rest(), "/status/503")).then().body("actions[0].attempts", equalTo(1));
  }

  @Test
  void aStatusThatRepeatingCannotHelpIsFinal() {
    api.fire(Api.with(Api.action(api.rest(), "/status/404"), "retry", TWICE))
        .then()
        .body("actions[0].attempts", equalTo(1))
        .body("actions[0].error.code", equalTo("http_status"));
  }
}
