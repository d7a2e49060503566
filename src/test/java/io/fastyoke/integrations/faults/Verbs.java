package io.fastyoke.integrations.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.faults.Plan.Step;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people do with runs while everything breaks: they cancel them, and replay what failed. */
final class Verbs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIRED_AGAIN = Set.of("failed", "skipped");

  private static final Set<Integer> COME_BACK = Set.of(429, 503);

  private final History history;
  private final HttpClient http;

  Verbs(History history, HttpClient http) {
    this.history = history;
    this.http = http;
  }

  /** Asks for it once. Who gets no answer does not know whether it was heard. */
  void cancel(Plan plan, String run, URI replica) {
    history.cancelAsked(run);
    HttpResponse<String> answer = send(plan, run + "/cancel", "POST", plan.key(), replica);
    if (answer == null || COME_BACK.contains(answer.statusCode())) {
      return;
    }
    if (answer.statusCode() == 200 && isCancelled(answer)) {
      history.cancelled(run, Instant.now());
    } else if (answer.statusCode() != 200 && answer.statusCode() != 409) {
      violation("cancel", run, answer);
    }
  }

  /**
   * What a replay of a run has to do: its failed and skipped actions.
   *
   * @return null when it is not finished, or nothing failed, or nobody says
   */
  @Nullable Plan again(Plan plan, String run, String key, URI replica) {
    HttpResponse<String> answer = send(plan, run, "GET", key, replica);
    if (answer == null || answer.statusCode() != 200) {
      return null;
    }
    JsonNode now = json(answer);
    List<Step> steps = new ArrayList<>();
    for (JsonNode action : now.get("actions")) {
      if (FIRED_AGAIN.contains(action.get("status").asText())) {
        steps.add(plan.steps().get(action.get("index").asInt()));
      }
    }
    return now.get("finished_at").isNull() || steps.isEmpty()
        ? null
        : new Plan(plan.tenant(), key, plan.job(), List.copyOf(steps));
  }

  /** Asks for a replay under the new plan's key; whether there is nothing left to ask for. */
  boolean replay(Plan again, String run, URI replica) {
    HttpResponse<String> answer = send(again, run + "/replay", "POST", again.key(), replica);
    if (answer == null || COME_BACK.contains(answer.statusCode())) {
      return false;
    }
    if (answer.statusCode() / 100 == 2) {
      history.accepted(again, json(answer).get("id").asText());
    } else {
      violation("replay", run, answer);
    }
    return true;
  }

  private static boolean isCancelled(HttpResponse<String> answer) {
    return json(answer).get("status").asText().equals("cancelled");
  }

  private void violation(String verb, String run, HttpResponse<String> answer) {
    history.violation(
        "%s of %s was answered %d: %s".formatted(verb, run, answer.statusCode(), answer.body()));
  }

  private @Nullable HttpResponse<String> send(
      Plan plan, String path, String method, String key, URI replica) {
    try {
      return http.send(
          Driver.request(plan, replica)
              .uri(replica.resolve("/api/v1/tenant/action-runs/" + path))
              .setHeader("Idempotency-Key", key)
              .method(method, BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException unknown) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + answer.body(), e);
    }
  }
}
