package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands of the README, as they stand there, against the service in dev mode. */
@QuarkusTest
@TestProfile(QuickStartTest.DevMode.class)
class QuickStartTest {
  /** Dev mode's own settings, except for the database, which is the one of the other tests. */
  public static final class DevMode implements QuarkusTestProfile {
    @Override
    public String getConfigProfile() {
      return "dev";
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(OnlyTheDatabase.class));
    }
  }

  /** Leaves what may be fired at as it is. */
  public static final class OnlyTheDatabase implements QuarkusTestResourceLifecycleManager {
    private final TestPostgres postgres = new TestPostgres();

    @Override
    public Map<String, String> start() {
      return Map.of("DATABASE_URL", postgres.start().get("DATABASE_URL"));
    }

    @Override
    public void stop() {
      postgres.stop();
    }
  }

  private static final Pattern SHELL =
      Pattern.compile("```sh\\n(export TOKEN=.*?)```", Pattern.DOTALL);

  @Test
  void theReadmeEndsInADeliveredWebhook() throws Exception {
    String[] answers = bash(script()).split("\n");
    assertThat(answers).as("a run, its events and the usage").hasSize(3);
    JsonPath run = JsonPath.from(answers[0]);
    assertThat(run.getString("status")).isEqualTo("succeeded");
    assertThat(run.getInt("actions[0].response_status")).isEqualTo(200);
    assertThat(answers[1])
        .contains("\"outcome\":\"success\"", run.getString("actions[0].delivery_id"))
        .doesNotContain("my-secret");
    assertThat(answers[2]).contains("\"kind\":\"WebhookEgress\"", "\"count\":1");
  }

  private static String script() throws IOException {
    Matcher shell = SHELL.matcher(Files.readString(Path.of("README.md")));
    assertThat(shell.find()).as("the shell block of the quick start").isTrue();
    return shell.group(1).replace("localhost:8080", "localhost:" + RestAssured.port);
  }

  private static String bash(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-euc", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
