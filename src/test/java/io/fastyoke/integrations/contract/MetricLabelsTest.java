package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Metrics are read by others than those who may read what tenants write. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class MetricLabelsTest {
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

  /** All but those that appear with the first attempt and the first run that is finished. */
  @Test
  void everyMetricThatOperationsNamesIsThereFromTheStart() throws IOException {
    Set<String> served =
        given()
            .get("/q/metrics")
            .asString()
            .lines()
            .map(line -> line.replaceFirst("[{ ].*", ""))
            .collect(Collectors.toSet());
    List<String> named =
        Pattern.compile("(?m)^\\| `((?:fastyoke|sql)_[a-z_]+)")
            .matcher(Files.readString(Path.of("docs/operations.md")))
            .results()
            .map(found -> found.group(1))
            .filter(name -> !name.startsWith("fastyoke_attempts_seconds"))
            .filter(name -> !name.startsWith("fastyoke_runs_finished"))
            .toList();
    assertThat(named).hasSizeGreaterThan(5);
    assertThat(served).containsAll(named);
  }

  private void send(String request) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 ");
    }
  }
}
