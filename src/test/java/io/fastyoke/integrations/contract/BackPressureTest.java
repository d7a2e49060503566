package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.pause;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whoever cannot be served is told so at once, and to come back. */
@QuarkusTest
@TestProfile(BackPressureTest.Small.class)
@QuarkusTestResource(TestPostgres.class)
class BackPressureTest {
  private static final int QUEUED = 5;

  /** With limits small enough to be reached. */
  public static final class Small implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "fastyoke.queue-limit",
          Integer.toString(QUEUED),
          "fastyoke.http.requests-max-heap",
          "8M");
    }
  }

  @TestHTTPResource("/")
  URI base;

  private final Api api = Api.fresh();

  private Response fire(String connection) {
    return api.as()
        .body(Api.run("job-" + UUID.randomUUID(), List.of(Api.action(connection, "/x"))))
        .post(Api.RUNS);
  }

  @Test
  void aFullQueueTakesNoMoreUntilItIsWorkedOff() throws SQLException {
    String connection = api.rest();
    String model = api.fire(Api.action(connection, "/x")).then().extract().path("id");
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement statement = database.createStatement()) {
      statement.execute(
          """
          INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, status, due_at)
          SELECT gen_random_uuid(), tenant_id, false, request, actions, connection_ids, now(), 'pending', now() + interval '1 second'
          FROM action_runs, generate_series(1, %d) WHERE id = '%s'
          """
              .formatted(QUEUED, model));
      // Nobody claims what somebody has locked.
      database.setAutoCommit(false);
      String queued = "action_runs WHERE tenant_id = '" + api.tenant() + "' AND status = 'pending'";
      statement.execute("SELECT FROM " + queued + " FOR UPDATE");
      until(503, connection)
          .then()
          .header("Retry-After", matchesPattern("[1-9][0-9]*"))
          .body("error", equalTo("unavailable"))
          .body("message", containsString("Too many runs"));
      assertThat(api.as().get(Api.RUNS).statusCode()).isEqualTo(200);
      statement.execute("DELETE FROM " + queued);
      database.commit();
    }
    until(202, connection);
  }

  private Response until(int status, String connection) {
    for (int look = 0; look < 400; look++) {
      Response answer = fire(connection);
      if (answer.statusCode() == status) {
        return answer;
      }
      pause(Duration.ofMillis(50));
    }
    throw new AssertionError("not answered " + status);
  }

  /** As a tree they take many times as much as they did on their way. */
  @Test
  void bracketsCountForWhatTheyTake() throws IOException {
    String connection = api.rest();
    String brackets = "[".repeat(300_000);
    Socket deep = send(brackets, 200_000);
    try {
      Response answer = fire(connection);
      for (int look = 0; look < 400 && answer.statusCode() != 503; look++) {
        // Whoever comes second is refused; that may have been this one.
        if (deep.getInputStream().available() > 0) {
          deep.close();
          deep = send(brackets, 200_000);
        }
        pause(Duration.ofMillis(50));
        answer = fire(connection);
      }
      answer.then().statusCode(503).body("error", equalTo("unavailable"));
    } finally {
      deep.close();
    }
    until(202, connection);
  }

  /** Announces a body and sends the first bytes of it. */
  private Socket send(String body, int bytes) throws IOException {
    Socket socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(10_000);
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(head.formatted(Api.RUNS, Jwts.admin(api.tenant()), body.length()).getBytes(UTF_8));
    out.write(body.substring(0, bytes).getBytes(UTF_8));
    out.flush();
    return socket;
  }
}
