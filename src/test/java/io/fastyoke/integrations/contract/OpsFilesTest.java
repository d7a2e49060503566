package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What is in {@code ops}: alerts and a dashboard, held against a service and its runbooks. {@code
 * promtool} (Debian: prometheus) tests the rules.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OpsFilesTest {
  private static final Path RULES = Path.of("ops/prometheus/alerts.yml");
  private static final Path RULES_TEST = Path.of("ops/prometheus/alerts-test.yml");
  private static final Path DASHBOARD = Path.of("ops/grafana/fastyoke-integrations.json");

  /** Selectors, ranges, labels to group by, texts and functions of PromQL: none is a metric. */
  private static final Pattern NO_METRICS =
      Pattern.compile(
          "\\{[^}]*}|\\[[^]]*]|\\b(?:by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)|\"[^\"]*\""
              + "|\\b[a-z_]+\\s*(?=\\()|\\b(?:and|or|unless|bool)\\b");

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    new YAMLMapper()
        .readTree(RULES.toFile())
        .path("groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
    assertThat(rules).isNotEmpty();
    return rules;
  }

  /** Each expression by its panel. */
  private static Map<String, List<String>> queries() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    Map<String, List<String>> queries = new TreeMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      List<String> each =
          queries.computeIfAbsent(panel.path("title").asText(), title -> new ArrayList<>());
      panel.path("targets").forEach(target -> each.add(plain(target.path("expr").asText())));
    }
    for (JsonNode annotation : dashboard.at("/annotations/list")) {
      queries.put(
          annotation.path("name").asText(), List.of(plain(annotation.path("expr").asText())));
    }
    queries.put(
        "the list of replicas",
        List.of(
            dashboard
                .at("/templating/list/1/query")
                .asText()
                .replaceFirst("label_values\\((.*), .*\\)", "$1")));
    assertThat(queries).hasSizeGreaterThan(10).doesNotContainValue(List.of());
    return queries;
  }

  /** As Grafana sends it. */
  private static String plain(String query) {
    return query.replace("$__rate_interval", "5m").replace("$instance", ".*");
  }

  private static Set<String> metricsOf(String expression) {
    String rest = NO_METRICS.matcher(expression).replaceAll(" ");
    // Once more for functions whose labels stood between them and their bracket.
    Matcher name = NAME.matcher(NO_METRICS.matcher(rest).replaceAll(" "));
    return name.results().map(found -> found.group()).collect(Collectors.toSet());
  }

  @Test
  void everyMetricExists() throws IOException {
    Api api = Api.fresh();
    api.fire(Api.action(api.rest(), "/ok")).then().statusCode(200);
    Set<String> served =
        given()
            .get("/q/metrics")
            .asString()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst("[{ ].*", ""))
            .collect(Collectors.toSet());
    List<String> expressions = new ArrayList<>();
    rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
    queries().values().forEach(expressions::addAll);
    for (String expression : expressions) {
      assertThat(metricsOf(expression)).as(expression).isNotEmpty();
      assertThat(served).as(expression).containsAll(metricsOf(expression));
    }
  }

  @Test
  void metricsAreToldFromTheRestOfAnExpression() {
    assertThat(
            metricsOf(
                "sum by (le) (rate(a_b{c=\"d\"}[5m])) / max(e * on (f) group_left () g) > 0.5 and h < time() - 1800"))
        .containsExactlyInAnyOrder("a_b", "e", "g", "h");
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    Set<String> anchors =
        Files.readString(Path.of("docs/operations.md"))
            .lines()
            .filter(line -> line.startsWith("##"))
            .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
            .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .map("docs/operations.md#"::concat)
            .collect(Collectors.toSet());
    for (JsonNode rule : rules()) {
      assertThat(rule.path("alert").asText()).startsWith("FastYoke");
      assertThat(anchors).as(rule.toString()).contains(rule.at("/annotations/runbook").asText());
      assertThat(rule.at("/annotations/summary").asText()).as(rule.toString()).endsWith(".");
      assertThat(rule.at("/labels/severity").asText()).isIn("page", "warn", "info");
    }
  }

  @Test
  void everyAlertIsTestedBothWays() throws IOException {
    Set<String> tested =
        new YAMLMapper()
            .readTree(RULES_TEST.toFile()).path("tests").findValuesAsText("name").stream()
                .collect(Collectors.toSet());
    for (JsonNode rule : rules()) {
      String alert = rule.path("alert").asText();
      assertThat(tested).contains(alert + " fires", alert + " does not");
    }
  }

  @Test
  void theRulesFireWhenTheyShould() throws Exception {
    promtool("check", "rules", RULES.toString());
    promtool("test", "rules", RULES_TEST.toString());
  }

  /** A panel's query as a rule, because promtool parses only those. */
  @Test
  void theDashboardsQueriesAreQueries() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    queries()
        .values()
        .forEach(
            each ->
                each.forEach(
                    expr -> rules.add(Map.of("record", "panel:" + rules.size(), "expr", expr))));
    Path file = Path.of("target/dashboard-queries.yml");
    new YAMLMapper()
        .writeValue(
            file.toFile(), Map.of("groups", List.of(Map.of("name", "dashboard", "rules", rules))));
    promtool("check", "rules", "--lint=none", file.toString());
  }

  private static void promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "there is no promtool (Debian: prometheus): the rules are not tested");
      return;
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
