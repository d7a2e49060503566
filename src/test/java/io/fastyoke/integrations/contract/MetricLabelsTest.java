package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.support.FreePort;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Metrics are read by others than those who may read what tenants write. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class MetricLabelsTest {
  private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-");

  /** Seven outcomes, four providers, sixteen lines of a histogram. */
  private static final int MOST_SERIES = 7 * 4 * 17 + 100;

  @TestHTTPResource("/")
  URI base;

  @Test
  void nothingThatAClientWritesBecomesALabel() throws IOException {
    Api api = Api.fresh();
    api.as().get(Api.CONNECTIONS + "/" + api.rest()).then().statusCode(200);
    for (String line :
        List.of(
            "GET /api/v1/tenant/%zz-leak1",
            "GET /api/v1/tenant/leak2",
            "GET /leak3",
            "GET /api/v1/tenant/connections/leak4",
            "POST /api/v1/tenant/connections/leak5/leak6",
            "LEAK7 /api/v1/tenant/connections",
            "GET /admin/integrations/leak8",
            "GET /q/leak9",
            "GET /api/v1/tenant/connections;leak10",
            "OPTIONS /api/v1/tenant/leak11")) {
      send(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
    String metrics = given().get("/q/metrics").asString();
    assertThat(
            metrics
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).contains("leak")))
        .isEmpty();
    assertThat(metrics).contains("uri=\"/api/v1/tenant/connections/{id}\"");
  }

  @Test
  void bothPoolsOfTheDatabaseAreSeen() {
    assertThat(given().get("/q/metrics").asString())
        .contains(
            "sql_pool_queue_size{pool_name=\"tenants\"", "sql_pool_queue_size{pool_name=\"engine\"")
        .contains(
            "postgresql_current{clientName=\"tenants\"",
            "postgresql_current{clientName=\"engine\"");
  }

  /** All but those that appear with the first attempt. A histogram is named without its parts. */
  @Test
  void everyMetricThatOperationsNamesIsThereFromTheStart() throws IOException {
    Set<String> served =
        given()
            .get("/q/metrics")
            .asString()
            .lines()
            .map(line -> line.replaceFirst("(_bucket)?[{ ].*", ""))
            .collect(Collectors.toSet());
    List<String> named =
        Pattern.compile("(?m)^\\| `((?:fastyoke|sql)_[a-z_]+)")
            .matcher(Files.readString(Path.of("docs/operations.md")))
            .results()
            .map(found -> found.group(1))
            .filter(name -> !name.startsWith("fastyoke_attempts_seconds"))
            .toList();
    assertThat(named).hasSizeGreaterThan(5);
    assertThat(served).containsAll(named);
  }

  /**
   * What people and receivers may name, in the metrics of a service that has done all it can do.
   */
  @Test
  void afterEverythingTheLabelsAreStillFew() {
    Api api = Api.fresh();
    String connection = everyOutcome(api);
    everyOperation(api);
    eventually(
        "held and retrying runs are counted",
        () -> sum("fastyoke_runs_held") >= 1 && sum("fastyoke_runs_retrying") >= 1);
    List<Series> scrape = scrape();
    Map<String, Set<String>> labels = new TreeMap<>();
    scrape.forEach(
        series ->
            series
                .labels()
                .forEach(
                    (name, value) ->
                        labels.computeIfAbsent(name, n -> new TreeSet<>()).add(value)));
    labels.values().forEach(values -> assertThat(values).hasSizeLessThanOrEqualTo(64));
    assertThat(labels.values().stream().flatMap(Set::stream))
        .noneMatch(value -> UUID_FORM.matcher(value).find())
        .noneMatch(value -> value.contains("//"))
        .noneMatch(value -> value.contains(api.tenant()) || value.contains(connection));
    List<Series> own =
        scrape.stream().filter(series -> series.name().startsWith("fastyoke_")).toList();
    assertThat(
            own.stream()
                .flatMap(series -> series.labels().keySet().stream())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "provider", "outcome", "status", "key_id", "version", "runtime", "le");
    assertThat(own).hasSizeLessThan(MOST_SERIES);
  }

  /** Three outcomes never come from a service that is well: a lost process, a lost lease. */
  private static String everyOutcome(Api api) {
    String rest = api.rest();
    Map<String, Object> retried = Map.of("max_attempts", 2, "backoff_ms", 3_600_000);
    for (String path :
        List.of("/ok", "/status/500", "/cut", "/half", "/refused", "/{{context.none}}")) {
      api.fire(Api.action(rest, path)).then().statusCode(200);
    }
    for (String other :
        List.of(api.twilio(), api.sendgrid(), UUID.randomUUID().toString(), nobody(api))) {
      api.fire(Api.action(other, "/x")).then().statusCode(200);
    }
    api.as()
        .body(
            Api.run("later", List.of(Api.with(Api.action(rest, "/status/503"), "retry", retried))))
        .post(Api.RUNS)
        .then()
        .statusCode(202);
    String limited = api.rest();
    api.settings(limited, Map.of("max_in_flight", 1, "when_paused", "hold"));
    api.fire(Api.action(limited, "/limited")).then().statusCode(200);
    api.as().body(Map.of("status", "paused")).patch(Api.CONNECTIONS + "/" + limited);
    api.as()
        .body(Api.run("held", List.of(Api.action(limited, "/held"))))
        .post(Api.RUNS)
        .then()
        .statusCode(202);
    return rest;
  }

  /** A connection to where nobody listens. */
  private static String nobody(Api api) {
    return api.create("generic_rest", Map.of("base_url", "http://127.0.0.1:" + FreePort.find()))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void everyOperation(Api api) {
    Document document = Document.served();
    Scene scene = Scene.fresh();
    for (Document.Operation operation : document.operations()) {
      scene.send(document, operation, scene.token(operation), scene.address(operation));
      scene.send(document, operation, "none", scene.address(operation));
      scene.send(
          document, operation, Jwts.admin(api.tenant()), Scene.address(operation, api.tenant()));
    }
  }

  /** Enough buckets to tell fast from slow, and few enough to keep. */
  @Test
  void histogramsHaveSaneBuckets() {
    Api api = Api.fresh();
    api.fire(Api.action(api.rest(), "/ok")).then().statusCode(200);
    List<Series> scrape = scrape();
    for (String name : List.of("fastyoke_accept", "fastyoke_queue_wait", "fastyoke_attempts")) {
      Map<String, List<Series>> each =
          scrape.stream()
              .filter(series -> series.name().equals(name + "_seconds_bucket"))
              .collect(Collectors.groupingBy(series -> series.without("le")));
      assertThat(each).as(name).isNotEmpty();
      each.values()
          .forEach(
              buckets -> {
                assertThat(buckets).as(name).hasSizeBetween(10, 16);
                assertThat(buckets.get(buckets.size() - 1).labels()).containsEntry("le", "+Inf");
                assertThat(buckets.stream().map(Series::value)).as(name).isSorted();
              });
    }
    assertThat(sum("fastyoke_accept_seconds_count")).isPositive();
    assertThat(sum("fastyoke_queue_wait_seconds_count")).isPositive();
  }

  /** One line of the scrape. */
  private record Series(String name, Map<String, String> labels, double value) {
    private static final Pattern LINE =
        Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
        Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Series of(String line) {
      Matcher parts = LINE.matcher(line);
      assertThat(parts.matches()).as(line).isTrue();
      Map<String, String> labels = new TreeMap<>();
      if (parts.group(2) != null) {
        LABEL.matcher(parts.group(2)).results().forEach(l -> labels.put(l.group(1), l.group(2)));
      }
      String value = parts.group(3).replace("+Inf", "Infinity");
      return new Series(parts.group(1), labels, Double.parseDouble(value));
    }

    String without(String label) {
      Map<String, String> others = new TreeMap<>(labels);
      others.remove(label);
      return others.toString();
    }
  }

  private static List<Series> scrape() {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(Series::of)
        .toList();
  }

  private static double sum(String name) {
    return scrape().stream()
        .filter(series -> series.name().equals(name))
        .mapToDouble(Series::value)
        .sum();
  }

  private void send(String request) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 ");
    }
  }
}
