package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.providers.AnswerVerdict.Accepted;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlackProviderTest extends ProviderContract {

  @Override
  Provider providerAt(String url) {
    return new SlackProvider(Samples.allAt(url));
  }

  @Override
  Map<String, Object> credentialsFor(String url) {
    return new LinkedHashMap<>(Map.of("bot_token", "hush-token"));
  }

  @Override
  RenderedAction action() {
    return Samples.post("/chat.postMessage", "{\"channel\":\"C1\",\"text\":\"Hi\"}");
  }

  @Override
  List<Integer> successes() {
    return List.of(200);
  }

  private AnswerVerdict verdict(int status, String body, String... headers) {
    return provider().judge(Samples.answer(status, body, headers), Samples.NOW);
  }

  @Test
  void theBodyDecidesWhereTheStatusSaysNothing() {
    assertThat(verdict(200, "{\"ok\":true}")).isEqualTo(new Accepted(false));
    assertThat(verdict(200, "no JSON")).isEqualTo(new Accepted(false));
    assertThat(verdict(200, "{\"ok\":false,\"error\":\"channel_not_found\"}"))
        .isEqualTo(Rejected.finalRefusal("channel_not_found"));
    assertThat(verdict(200, "{\"ok\":false,\"error\":\"ratelimited\"}", "Retry-After", "9"))
        .isEqualTo(Rejected.temporaryRefusal("ratelimited", Duration.ofSeconds(9)));
    assertThat(verdict(503, "{\"ok\":false}"))
        .isEqualTo(new Rejected(null, true, true, null, false));
    assertThat(provider().judgeTest(Samples.answer(200, "{\"ok\":false}")).outcome())
        .isEqualTo(TestOutcome.UNAUTHORIZED);
  }
}
