package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Follows CONTRIBUTING.md, "A new provider": {@code SlackProvider} and {@code providers/slack.json}
 * of the tests are a provider of the running service, and the list of files is complete.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class NewProviderTest {
  private static final Path MAIN = Path.of("src/main");
  private static final Path TESTS = Path.of("src/test");

  private final Api api = Api.fresh();

  private String slack() {
    return api.create("slack", Map.of("bot_token", Api.SECRET))
        .then()
        .statusCode(201)
        .body("host", equalTo("127.0.0.1"))
        .extract()
        .path("id");
  }

  @Test
  void isDescribedAndChecked() {
    api.as()
        .get("/api/v1/tenant/providers")
        .then()
        .body("find { it.name == 'slack' }.fields[0].name", equalTo("bot_token"))
        .body("find { it.name == 'slack' }.fields[0].secret", equalTo(true));
    api.create("slack", Map.of())
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("credentials.bot_token"));
    api.as().post(Api.CONNECTIONS + "/" + slack() + "/test").then().body("outcome", equalTo("ok"));
  }

  @Test
  void aRefusalWithStatus200FailsTheActionWithTheProvidersReason() {
    Map<String, Object> retry = Map.of("max_attempts", 3, "backoff_ms", 1);
    String slack = slack();
    String run =
        api.fire(
                Api.action(slack, "/chat.postMessage"),
                Api.with(Api.action(slack, "/chat.postMessage/refused"), "retry", retry))
            .then()
            .body("status", equalTo("failed"))
            .body("actions[0].status", equalTo("succeeded"))
            .body("actions[1].status", equalTo("failed"))
            .body("actions[1].attempts", equalTo(1))
            .body("actions[1].response_status", equalTo(200))
            .body("actions[1].error.code", equalTo("provider_refused"))
            .body("actions[1].error.message", containsString("channel_not_found [redacted]"))
            .body("actions[1].error.message", not(containsString(Api.SECRET)))
            .extract()
            .path("id");
    assertThat(api.charged()).isEqualTo(2);
    assertThat(api.events("outcome=failure&run_id=" + run))
        .singleElement()
        .satisfies(
            event ->
                assertThat((String) event.get("response_body"))
                    .contains("\"ok\":false", "[redacted]")
                    .doesNotContain(Api.SECRET));
  }

  @Test
  void contributingListsEveryFileThatANewProviderTouches() throws IOException {
    String section = Files.readString(Path.of("CONTRIBUTING.md"));
    section = section.substring(section.indexOf("### A new provider"));
    section = section.substring(0, section.indexOf("\n## "));
    Matcher row = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\|").matcher(section);
    Map<String, String> listed =
        row.results().collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    Set<String> main = new TreeSet<>(listed.keySet());
    main.removeIf(file -> !Path.of(file).startsWith(MAIN));
    assertThat(main).isEqualTo(mentioning("sendgrid", MAIN));
    assertThat(listed.keySet()).allSatisfy(file -> assertThat(Path.of(file)).exists());

    List<String> needed =
        listed.entrySet().stream()
            .filter(file -> file.getValue().startsWith("needed"))
            .map(file -> file.getKey().replace("Sendgrid", "Slack").replace("sendgrid", "slack"))
            .toList();
    assertThat(needed).hasSize(3);
    assertThat(mentioning("slack", MAIN)).isEmpty();
    for (String file : needed) {
      String name = Path.of(file).getFileName().toString();
      assertThat(mentioning("slack", TESTS)).anyMatch(found -> found.endsWith("/" + name));
    }
  }

  private static Set<String> mentioning(String provider, Path below) throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(below)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
        if ((file.getFileName() + text).toLowerCase(Locale.ROOT).contains(provider)) {
          found.add(file.toString());
        }
      }
    }
    return found;
  }
}
