package io.fastyoke.integrations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.delivery.RetryPolicy.Decision;
import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.providers.AnswerVerdict;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole decision as a table: what happened, who received it, what the action asked for. */
class RetryPolicyTest {
  private static final RequestLine LINE = new RequestLine("POST", "https://example.org/");
  private static final Failure FAILURE = new Failure("some_code", "What happened.");
  private static final boolean TELLS_REPETITIONS = true;
  private static final boolean CANNOT_TELL = false;

  private static ActionOutcome answered(int status, @Nullable Duration retryAfter) {
    return answered(status, retryAfter, List.of());
  }

  private static ActionOutcome answered(
      int status, @Nullable Duration retryAfter, List<Map.Entry<String, String>> headers) {
    Answered answer = new Answered(status, headers, new byte[0], false, Duration.ofMillis(5));
    return refused(status, (Rejected) AnswerVerdict.byStatus(answer, retryAfter));
  }

  private static ActionOutcome refused(int status, Rejected verdict) {
    return new ActionOutcome.Refused(LINE, new Answer(status, Map.of(), "", false), 5, verdict);
  }

  private static Decision decide(
      ActionOutcome outcome, @Nullable RetryOptions retry, int attempt, boolean deduplicates) {
    return new RetryPolicy(retry, attempt, deduplicates, 0.5).decide(outcome);
  }

  private static RetryOptions attempts(int most) {
    return new RetryOptions(most, null, null, null);
  }

  private static RetryOptions onUnknown(int most) {
    return new RetryOptions(most, null, null, "retry");
  }

  private static String code(Decision decision) {
    return decision instanceof Decision.GiveUp giveUp
        ? giveUp.failure().code()
        : ((Decision.TryAgain) decision).failure().code();
  }

  /** kind of outcome; who; on_unknown; again or end; code. With attempts left. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not tried   | deduplicates |       | end   | some_code
          not tried   | cannot tell  | retry | end   | some_code
          not reached | deduplicates |       | again | some_code
          not reached | cannot tell  |       | again | some_code
          not reached, for good | deduplicates | | end | some_code
          no token    | cannot tell  |       | again | some_code
          no token, for good | deduplicates | | end | some_code
          unanswered  | deduplicates |       | again | some_code
          unanswered  | cannot tell  |       | end   | outcome_unknown
          unanswered  | cannot tell  | retry | again | outcome_unknown
          unanswered  | cannot tell  | fail  | end   | outcome_unknown
          interrupted | deduplicates |       | again | outcome_unknown
          interrupted | cannot tell  |       | end   | outcome_unknown
          interrupted | cannot tell  | retry | again | outcome_unknown
          """)
  void networkOutcomes(
      String kind, String who, @Nullable String onUnknown, String expected, String code) {
    ActionOutcome outcome =
        switch (kind) {
          case "not tried" -> new ActionOutcome.NotTried(FAILURE, null);
          case "not reached" -> new ActionOutcome.NotReached(LINE, FAILURE, 5, false);
          case "not reached, for good" -> new ActionOutcome.NotReached(LINE, FAILURE, 5, true);
          case "no token" -> withoutToken(true, null);
          case "no token, for good" -> withoutToken(false, null);
          case "unanswered" -> new ActionOutcome.Unanswered(LINE, FAILURE, 5);
          default -> new ActionOutcome.Interrupted();
        };
    Decision decision =
        decide(outcome, new RetryOptions(3, null, null, onUnknown), 1, who.equals("deduplicates"));
    assertThat(decision)
        .isInstanceOf(expected.equals("again") ? Decision.TryAgain.class : Decision.GiveUp.class);
    assertThat(code(decision)).isEqualTo(code);
  }

  private static ActionOutcome withoutToken(boolean repeatable, @Nullable Duration retryAfter) {
    return new ActionOutcome.NoToken(LINE, FAILURE, 5, repeatable, retryAfter);
  }

  @Test
  void waitsAsLongAsTheTokenEndpointAsks() {
    Decision decision =
        decide(withoutToken(true, Duration.ofSeconds(7)), attempts(2), 1, TELLS_REPETITIONS);
    assertThat(decision).isEqualTo(new Decision.TryAgain(FAILURE, Duration.ofSeconds(7)));
  }

  static Stream<Integer> everyRefusal() {
    return IntStream.rangeClosed(300, 999).boxed();
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void everyStatus(int status) {
    boolean worthIt =
        switch (status) {
          case 408, 425, 429, 500, 502, 503, 504 -> true;
          default -> false;
        };
    boolean maybeDone = status / 100 == 5;

    Decision deduplicated = decide(answered(status, null), attempts(2), 1, TELLS_REPETITIONS);
    assertThat(deduplicated instanceof Decision.TryAgain).isEqualTo(worthIt);
    assertThat(code(deduplicated)).isEqualTo("http_status");

    Decision blind = decide(answered(status, null), attempts(2), 1, CANNOT_TELL);
    assertThat(blind instanceof Decision.TryAgain).isEqualTo(worthIt && !maybeDone);
    assertThat(code(blind)).isEqualTo(maybeDone ? "outcome_unknown" : "http_status");

    Decision asked = decide(answered(status, null), onUnknown(2), 1, CANNOT_TELL);
    assertThat(asked instanceof Decision.TryAgain).isEqualTo(worthIt);

    assertThat(decide(answered(status, null), attempts(2), 2, TELLS_REPETITIONS))
        .isInstanceOf(Decision.GiveUp.class);
    assertThat(decide(answered(status, null), null, 1, TELLS_REPETITIONS))
        .isInstanceOf(Decision.GiveUp.class);
  }

  /** A provider may refuse with any status, and its adapter alone says what that means. */
  @Test
  void theVerdictOfTheAdapterDecides() {
    Decision forGood =
        decide(refused(200, Rejected.finalRefusal("no such channel")), attempts(2), 1, CANNOT_TELL);
    assertThat(forGood)
        .isEqualTo(
            new Decision.GiveUp(
                new Failure(
                    "provider_refused",
                    "The receiver answered 200 and refused the action: no such channel")));
    Rejected later = Rejected.temporaryRefusal("slower", Duration.ofSeconds(3));
    assertThat(decide(refused(200, later), attempts(2), 1, CANNOT_TELL))
        .isInstanceOfSatisfying(
            Decision.TryAgain.class,
            again -> assertThat(again.delay()).isEqualTo(Duration.ofSeconds(3)));
    Rejected unclear = new Rejected("half done", true, true, null, false);
    assertThat(code(decide(refused(200, unclear), attempts(2), 1, CANNOT_TELL)))
        .isEqualTo("outcome_unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "abort-message, false",
    "'x, Abort-Message;why=full', false",
    "disable, true",
    "something-else, false"
  })
  void aReceiverMayEndTheMessageOrTheConnection(String wish, boolean pauses) {
    ActionOutcome outcome = answered(503, null, List.of(Map.entry("Webhook-Delivery", wish)));
    assertThat(outcome.pausesConnection()).isEqualTo(pauses);
    assertThat(decide(outcome, attempts(2), 1, TELLS_REPETITIONS))
        .isInstanceOf(wish.contains("else") ? Decision.TryAgain.class : Decision.GiveUp.class);
    assertThat(answered(410, null).pausesConnection()).isTrue();
  }

  @Test
  void successIsSuccess() {
    ActionOutcome delivered =
        new ActionOutcome.Delivered(LINE, new Answer(204, Map.of(), null, false), 5, false);
    assertThat(decide(delivered, null, 1, CANNOT_TELL)).isInstanceOf(Decision.Success.class);
  }

  @Test
  void crashesDoNotUseUpAttemptsButEndSomeDay() {
    ActionOutcome crash = new ActionOutcome.Interrupted();
    assertThat(decide(crash, null, 1, TELLS_REPETITIONS)).isInstanceOf(Decision.TryAgain.class);
    assertThat(decide(crash, null, 5, TELLS_REPETITIONS)).isInstanceOf(Decision.TryAgain.class);
    assertThat(decide(crash, null, 6, TELLS_REPETITIONS)).isInstanceOf(Decision.GiveUp.class);
    assertThat(decide(crash, attempts(10), 15, TELLS_REPETITIONS))
        .isInstanceOf(Decision.GiveUp.class);
  }

  /** backoff_ms, max_backoff_ms, attempt, luck; the delay in ms. */
  @ParameterizedTest
  @CsvSource({
    ",       ,        1, 0.0,       0",
    ",       ,        1, 0.5,     500",
    ",       ,        1, 0.999,   999",
    ",       ,        4, 0.5,    4000",
    ",       ,        9, 1.0,  256000",
    "60000,  ,        9, 1.0, 3600000",
    "100,    300,     1, 1.0,     100",
    "100,    300,     2, 1.0,     200",
    "100,    300,     3, 1.0,     300",
    "3600000,3600000, 9, 0.25, 900000",
  })
  void waitsLongerEachTimeWithFullJitter(
      @Nullable Long first, @Nullable Long longest, int attempt, double luck, long expected) {
    Decision decision =
        new RetryPolicy(
                new RetryOptions(10, first, longest, null), attempt, TELLS_REPETITIONS, luck)
            .decide(answered(503, null));
    assertThat(((Decision.TryAgain) decision).delay().toMillis()).isEqualTo(expected);
  }

  /** What the receiver asks for, max_backoff_ms; the delay in ms. */
  @ParameterizedTest
  @CsvSource({
    "PT5S,     ,       5000",
    "PT0S,     ,          0",
    "PT-5S,    ,          0",
    "PT2H,     ,    3600000",
    "PT20S,  7000,     7000",
    "P100000D, ,    3600000",
  })
  void waitsAsLongAsTheReceiverAsksWithinBounds(
      Duration asked, @Nullable Long longest, long expected) {
    Decision decision =
        decide(answered(429, asked), new RetryOptions(3, null, longest, null), 1, CANNOT_TELL);
    assertThat(((Decision.TryAgain) decision).delay().toMillis()).isEqualTo(expected);
  }
}
