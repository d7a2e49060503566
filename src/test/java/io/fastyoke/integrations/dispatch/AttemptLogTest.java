package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.delivery.RetryPolicy;
import io.fastyoke.integrations.delivery.RunTransition;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines of attempts: their keys, what is not in them, and how many there are. */
class AttemptLogTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final Failure TOLD = new Failure(FailureCode.TIMEOUT, "hush-from-a-receiver");
  private static final ActionOutcome SLOW =
      new ActionOutcome.Unanswered(new RequestLine("POST", "https://hush.example/hush"), TOLD, 41);

  private final ManualTimers timers = new ManualTimers();
  private final AttemptLog log = new AttemptLog(() -> TestRuns.NOW, timers, 6);
  private final List<JsonNode> lines = new ArrayList<>();
  private final Logger logger = Logger.getLogger(AttemptLog.CATEGORY);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          try {
            lines.add(new ObjectMapper().readTree(record.getMessage()));
          } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(record.getMessage(), e);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(handler);
  }

  private static Completion after(ClaimedRun run, ActionOutcome outcome) {
    RetryOptions twice = new RetryOptions(2, 3_460L, null, null);
    return new RunTransition(run, TestRuns.NOW)
        .after(outcome, new RetryPolicy(twice, 1, true, 0.5).decide(outcome));
  }

  private static Completion failed(ClaimedRun run) {
    return after(run, SLOW);
  }

  private static Completion succeeded() {
    Answer answer = new Answer(200, Map.of("server", "hush"), null, false);
    RequestLine sent = new RequestLine("POST", "https://hush.example/hush");
    return after(TestRuns.claimed(1), new ActionOutcome.Delivered(sent, answer, 41, false));
  }

  @Test
  void everyLineHasTheSameKeysAndNothingThatOthersWrote() {
    ClaimedRun run = TestRuns.claimed(2).tracedBy("00-" + TRACE + "-00f067aa0ba902b7-01");
    log.attempted(failed(run));
    log.attempted(succeeded());
    assertThat(lines).hasSize(2);
    for (JsonNode line : lines) {
      List<String> keys = new ArrayList<>();
      line.fieldNames().forEachRemaining(keys::add);
      assertThat(keys).isEqualTo(AttemptLog.KEYS);
      assertThat(line.toString()).doesNotContain("hush");
    }
    JsonNode line = lines.get(0);
    assertThat(line.path("timestamp").asText()).isEqualTo("2026-11-24T03:00:00.000Z");
    assertThat(line.path("run_id").asText()).isEqualTo(run.id().toString());
    assertThat(line.path("outcome").asText()).isEqualTo("failure");
    assertThat(line.path("code").asText()).isEqualTo("timeout");
    assertThat(line.path("status").isNull()).isTrue();
    assertThat(line.path("duration_ms").asInt()).isEqualTo(41);
    assertThat(line.path("queue_wait_ms").asInt()).isZero();
    assertThat(line.path("next").asText()).isEqualTo("retry");
    assertThat(line.path("retry_in_ms").asInt()).isEqualTo(1_730);
    assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
    assertThat(lines.get(1).path("next").asText()).isEqualTo("finish");
    assertThat(lines.get(1).path("trace_id").isNull()).isTrue();
  }

  @Test
  void atFullLoadLinesAreFewAndTheRestIsCounted() {
    for (int second = 0; second < 3; second++) {
      for (int i = 0; i < 1_000; i++) {
        log.attempted(succeeded());
      }
      log.attempted(failed(TestRuns.claimed(1)));
      timers.advance(1_000);
    }
    assertThat(lines).hasSize(3 * (3 + 1 + 1));
    assertThat(lines)
        .filteredOn(line -> line.path("outcome").asText().equals("failure"))
        .hasSize(3);
    assertThat(lines)
        .filteredOn(line -> line.path("event").asText().equals("attempts_left_out"))
        .hasSize(3)
        .allMatch(line -> line.path("success").asInt() == 997 && line.path("other").asInt() == 0);
    timers.advance(10_000);
    assertThat(lines).as("nothing was left out since").hasSize(15);
  }

  @Test
  void offIsOff() {
    new AttemptLog(() -> TestRuns.NOW, timers, 0).attempted(succeeded());
    assertThat(lines).isEmpty();
    assertThat(timers.waiting()).isZero();
  }
}
