package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers arrive as they were written, wherever they stand. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class NumbersTest {
  private static final String EXTREME = "1" + "2".repeat(250) + "e99999";

  private final Api api = Api.fresh();

  private String fire(String connection, String job, String context, String template) {
    return api.as()
        .header("Prefer", "wait=20")
        .body(
            """
            {"job": %s, "context": %s, "actions": [{"action_type": "WEBHOOK",
              "payload_template": {"connection_id": "%s", %s}}]}"""
                .formatted(job, context, connection, template))
        .post(Api.RUNS)
        .then()
        .statusCode(200)
        .body("status", equalTo("succeeded"))
        .extract()
        .path("id");
  }

  private Receiver.Arrival arrival(String part) {
    return TestPostgres.receiver().at(part).get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0000001",
        "1e5",
        "1E+5",
        "-0.0",
        "-0",
        "0",
        "1.10",
        "100000000000000000000000000000",
        "-2147483649",
        "1e400",
        "0e0"
      })
  void aNumberIsSentAsItWasWritten(String number) {
    String run =
        fire(
            api.rest(),
            "{\"id\":\"j\",\"n\":" + number + "}",
            "{\"list\":[" + number + "]}",
            """
            "path": "/n/{{job.n}}", "headers": {"X-N": "{{job.n}}"},
            "body": {"typed":"{{job.n}}","text":"n={{job.n}}","literal":%s,"list":"{{context.list}}"}"""
                .formatted(number));
    Receiver.Arrival arrival = arrival(api.tenant());
    assertThat(arrival.body())
        .isEqualTo(
            "{\"typed\":N,\"text\":\"n=N\",\"literal\":N,\"list\":[N]}".replace("N", number));
    assertThat(arrival.header("X-n")).isEqualTo(number);
    assertThat(arrival.path()).endsWith("/n/" + number.replace("+", "%2B"));
    assertThat(api.as().get(Api.RUNS + "/" + run + "/requests").asString())
        .contains("\"typed\":" + number + ",")
        .contains("\"literal\":" + number + ",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0000001", "1e5", "-0.0", "-0", "1.10"})
  void aFormKeepsNumbersToo(String number) {
    String path = "/" + UUID.randomUUID() + "/{{job.n}}";
    fire(
        api.twilio(),
        "{\"id\":\"j\",\"n\":" + number + "}",
        "{}",
        "\"path\":\"%s\",\"body\":{\"A\":\"{{job.n}}\",\"B\":%s,\"C\":{\"x\":%s}}"
            .formatted(path, number, number));
    Receiver.Arrival arrival = arrival(path.substring(0, 37));
    assertThat(arrival.body()).isEqualTo("A=N&B=N&C=%7B%22x%22%3AN%7D".replace("N", number));
    assertThat(arrival.path()).endsWith("/" + number);
  }

  @Test
  void theIdOfAJobMayBeSuchANumber() {
    String run = fire(api.rest(), "{\"id\":1e3}", "{}", "\"body\":\"{{job.id}}\"");
    api.as().get(Api.RUNS + "/" + run).then().body("job_id", equalTo("1e3"));
    assertThat(arrival(api.tenant()).body()).isEqualTo("1e3");
  }

  @Test
  void aStoredRunWithExtremeNumbersStaysReadable() {
    String run =
        fire(
            api.rest(),
            "{\"id\":\"j\",\"n\":" + EXTREME + "}",
            "{\"m\":1e-2147483647}",
            "\"body\":{\"n\":\"{{job.n}}\",\"m\":\"{{context.m}}\"}");
    String expected = "{\"n\":" + EXTREME + ",\"m\":1e-2147483647}";
    assertThat(arrival(api.tenant()).body()).isEqualTo(expected);
    assertThat(api.as().get(Api.RUNS + "/" + run + "/requests").asString()).contains(expected);
  }

  @Test
  void theSameKeyWithTheSameNumbersIsTheSameRequest() {
    String connection = api.rest();
    String body =
        """
        {"job":{"id":"j","n":%s},"actions":[{"action_type":"WEBHOOK",
          "payload_template":{"connection_id":"%s","body":{"n":"{{job.n}}"}}}]}""";
    String key = UUID.randomUUID().toString();
    for (String[] sent : new String[][] {{"1e5", "202"}, {"1e5", "202"}, {"1e6", "422"}}) {
      api.as()
          .header("Idempotency-Key", key)
          .body(body.formatted(sent[0], connection))
          .post(Api.RUNS)
          .then()
          .statusCode(Integer.parseInt(sent[1]));
    }
  }

  @Test
  void anExponentBeyondAllBoundsIsRefused() {
    api.as()
        .body("{\"job\":{\"n\":1e99999999999},\"actions\":[]}")
        .post(Api.RUNS)
        .then()
        .statusCode(400)
        .body("error", equalTo("malformed_json"));
  }
}
