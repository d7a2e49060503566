package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Generated requests, valid and not, fired in SQL and by POST: the same runs, the same events, the
 * same charges. {@code -Dfired.requests=10000} for more of them.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class FiredLikePostedTest {
  private static final int REQUESTS = Integer.getInteger("fired.requests", 300);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Object[] ODD = {
    null,
    "",
    " ",
    "x",
    0,
    -1,
    11,
    1.5,
    true,
    List.of(),
    List.of(1),
    Map.of(),
    Map.of("a", 1),
    "\0",
    "\ud800",
    "{{job.id}}",
    "{{job.none}}",
    "{{",
    "a".repeat(300),
    123_456_789_012_345_678L
  };

  private static final String[] ROOTS = {
    "job", "transition", "context", "ordering", "tenant_id", "actions", "unknown"
  };

  private static final String[] OF_ACTIONS = {
    "action_type", "payload_template", "continue_on_failure", "retry", "unknown"
  };

  private static final String[] OF_TEMPLATES = {
    "connection_id", "path", "body", "method", "headers", "unknown"
  };

  private final Random random = new Random(21);

  @Test
  void bothWaysHaveTheSameRunsEventsAndCharges() throws SQLException {
    Api posts = Api.fresh();
    Api fires = Api.fresh();
    String postsTo = posts.rest();
    String firesTo = fires.rest();
    List<String> bodies = new ArrayList<>();
    List<Response> posted = new ArrayList<>();
    List<String> fired = new ArrayList<>();
    try (Connection engine = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement call = engine.prepareStatement("SELECT fastyoke_fire(?, ?, ?::json)")) {
      for (int i = 0; i < REQUESTS; i++) {
        String body = request();
        String key = UUID.randomUUID().toString();
        bodies.add(body);
        posted.add(
            posts
                .as()
                .header("Idempotency-Key", key)
                .body(body.replace("CONNECTION", postsTo))
                .post(Api.RUNS));
        call.setString(1, fires.tenant());
        call.setString(2, key);
        call.setString(3, body.replace("CONNECTION", firesTo));
        try (ResultSet id = call.executeQuery()) {
          assertThat(id.next()).isTrue();
          fired.add(id.getString(1));
        }
      }
    }
    int refused = 0;
    for (int i = 0; i < REQUESTS; i++) {
      JsonPath run = fires.finished(fired.get(i));
      Response post = posted.get(i);
      if (post.statusCode() == 202) {
        JsonPath same = posts.finished(post.jsonPath().getString("id"));
        assertThat(shape(run, firesTo)).as(bodies.get(i)).isEqualTo(shape(same, postsTo));
        assertThat(outcomes(fires, run)).as(bodies.get(i)).isEqualTo(outcomes(posts, same));
      } else {
        refused++;
        assertThat(post.statusCode()).as(bodies.get(i)).isIn(400, 403, 413);
        assertThat(run.getString("status")).as(bodies.get(i)).isEqualTo("failed");
        assertThat(run.getString("actions[0].error.code"))
            .as(bodies.get(i))
            .isEqualTo(post.statusCode() == 413 ? "payload_too_large" : "invalid_request");
        assertThat(fires.events("run_id=" + fired.get(i))).hasSize(1);
      }
    }
    assertThat(fires.charged()).isEqualTo(posts.charged()).isPositive();
    assertThat(refused).isBetween(REQUESTS / 10, REQUESTS - REQUESTS / 10);
  }

  private static List<Object> shape(JsonPath run, String connection) {
    List<Object> shape = new ArrayList<>(List.of(run.getString("status")));
    shape.add(run.getString("job_id"));
    for (Map<String, Object> action : run.<Map<String, Object>>getList("actions")) {
      shape.add(
          Arrays.asList(
              action.get("index"),
              connection.equals(action.get("connection_id")) ? "own" : action.get("connection_id"),
              action.get("status"),
              action.get("attempts"),
              action.get("response_status"),
              action.get("error")));
    }
    return shape;
  }

  private static List<Object> outcomes(Api api, JsonPath run) {
    List<Object> outcomes = new ArrayList<>();
    for (Map<String, Object> event : api.events("limit=200&run_id=" + run.getString("id"))) {
      outcomes.add(
          Arrays.asList(
              event.get("action_index"),
              event.get("outcome"),
              event.get("attempt"),
              event.get("error"),
              event.get("transition_event_type")));
    }
    return outcomes;
  }

  private String request() {
    Map<String, Object> request = new HashMap<>();
    request.put("job", new HashMap<>(Map.of("id", "job-" + random.nextInt(50), "n", 1)));
    request.put("transition", Map.of("event_type", "start"));
    request.put("context", Map.of("digits", 1_000_000_007L));
    List<Object> actions = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      actions.add(action());
    }
    request.put("actions", actions);
    if (random.nextInt(3) == 0) {
      request.put(any(ROOTS), odd());
    }
    if (random.nextInt(60) == 0) {
      request.put("context", Map.of("large", "x".repeat(1024 * 1024)));
    }
    try {
      return JSON.writeValueAsString(request).replace("1000000007", "1.10e2");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, Object> action() {
    Map<String, Object> template = new HashMap<>();
    template.put("connection_id", "CONNECTION");
    template.put("path", "/same");
    template.put("body", Map.of("job", "{{job.id}}"));
    if (random.nextInt(4) == 0) {
      template.put(any(OF_TEMPLATES), odd());
    }
    Map<String, Object> action = new HashMap<>();
    action.put("action_type", "WEBHOOK");
    action.put("payload_template", template);
    action.put("continue_on_failure", random.nextBoolean());
    if (random.nextInt(4) == 0) {
      action.put(any(OF_ACTIONS), odd());
    }
    return action;
  }

  private Object odd() {
    return ODD[random.nextInt(ODD.length)];
  }

  private String any(String[] names) {
    return names[random.nextInt(names.length)];
  }
}
