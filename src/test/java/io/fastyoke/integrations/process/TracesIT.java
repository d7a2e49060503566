package io.fastyoke.integrations.process;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.contract.Receiver;
import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.process.OtlpReceiver.Received;
import io.fastyoke.integrations.support.FreshPostgres;
import io.fastyoke.integrations.support.Sql;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The trace of a run, as a collector gets it from replicas as they are shipped. */
class TracesIT {
  @RegisterExtension static final FreshPostgres DATABASE = new FreshPostgres();

  private static final String TENANT = "tenant-of-the-trace";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SECRET = "T0000-hush-s3cr3t";

  private final OtlpReceiver collector = new OtlpReceiver();
  private final Receiver receiver = new Receiver();
  private final Sql sql = Sql.of(DATABASE.server());

  @AfterEach
  void stop() {
    collector.close();
  }

  private Map<String, String> env(String protocol) {
    Map<String, String> env = ServiceProcess.env(DATABASE.server());
    env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    env.put("EGRESS_ALLOW_HTTP", "true");
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    env.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    env.put("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=k1");
    env.put("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "100ms");
    return env;
  }

  private static Map<String, Object> action(String connection, String path, Map<String, ?> more) {
    Map<String, Object> template = new java.util.HashMap<>(more);
    template.put("connection_id", connection);
    template.put("path", path);
    template.put("body", Map.of("phone", "+15550001"));
    return Map.of(
        "action_type",
        "WEBHOOK",
        "payload_template",
        template,
        "continue_on_failure",
        true,
        "retry",
        Map.of("max_attempts", 2, "backoff_ms", 3_600_000, "max_backoff_ms", 3_600_000));
  }

  private static String fire(URI replica, List<?> actions, boolean traced) throws Exception {
    String token =
        Jwts.signedWith(
            ServiceClient.JWT_SECRET,
            Jwts.claims("\"tenant_id\":\"" + TENANT + "\",\"role\":\"admin\""));
    Map<String, Object> run =
        Map.of(
            "job", Map.of("id", "job-of-the-trace"),
            "transition", Map.of("event_type", "event-of-the-trace"),
            "actions", actions);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(replica.resolve("/api/v1/tenant/action-runs"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(new ObjectMapper().writeValueAsString(run)));
    if (traced) {
      request.header("traceparent", "00-" + TRACE + "-" + CALLER + "-01");
    }
    String answer =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
    return new ObjectMapper().readTree(answer).path("id").asText();
  }

  private List<Received> named(String name) {
    return collector.spans().stream().filter(span -> span.span().getName().equals(name)).toList();
  }

  private void awaits(int accepts, int attempts) {
    eventually(
        accepts + " accept, " + attempts + " attempt and as many record",
        () ->
            named("accept").size() == accepts
                && named("attempt").size() == attempts
                && named("record").size() == attempts);
  }

  /** The second attempt is made by another replica, which reports in the other protocol. */
  @Test
  void oneTraceHoldsAcceptEachAttemptAndItsRecordAcrossReplicas() throws Exception {
    String run;
    String connection;
    try (ServiceProcess first = ServiceProcess.start(env("grpc"))) {
      connection =
          ServiceClient.tenant(TENANT).connect(first.baseUri(), "c", receiver.url() + "/" + SECRET);
      run = fire(first.baseUri(), List.of(action(connection, "/status/503", Map.of())), true);
      awaits(1, 1);
      assertThat(first.log()).doesNotContain("ERROR").doesNotContain(SECRET);
      isAlsoALineOfTheLog(first, run);
    }
    try (ServiceProcess second = ServiceProcess.start(env("http/protobuf"))) {
      sql.execute("UPDATE action_runs SET due_at = now() WHERE finished_at IS NULL");
      awaits(1, 2);
      assertThat(second.log()).doesNotContain("ERROR");
    }
    Received accept = named("accept").get(0);
    assertThat(accept.parent()).isEqualTo(CALLER);
    assertThat(accept.attribute("fastyoke.run_id")).isEqualTo(run);
    List<Received> attempts = named("attempt");
    assertThat(attempts)
        .allMatch(attempt -> attempt.parent().equals(accept.id()))
        .allMatch(attempt -> attempt.attribute("fastyoke.run_id").equals(run))
        .allMatch(attempt -> attempt.attribute("http.response.status_code").equals("503"))
        .allMatch(attempt -> attempt.attribute("error.type").equals("http_status"));
    assertThat(attempts).extracting(Received::via).containsExactly("grpc", "http");
    assertThat(attempts)
        .extracting(attempt -> attempt.attribute("fastyoke.attempt"))
        .containsExactly("1", "2");
    assertThat(named("record"))
        .extracting(Received::parent)
        .containsExactlyElementsOf(attempts.stream().map(Received::id).toList());
    assertThat(collector.spans()).hasSize(5).allMatch(span -> span.trace().equals(TRACE));
    assertThat(receiver.at(SECRET))
        .extracting(arrival -> arrival.header("Traceparent"))
        .as("the receiver's spans go below the attempt's")
        .containsExactlyElementsOf(
            attempts.stream().map(attempt -> "00-" + TRACE + "-" + attempt.id() + "-01").toList());
    assertThat(collector.keys()).containsOnly("k1");
    nothingThatOthersWroteIsInIt(connection);
  }

  /** JSON and nothing else on the line, as it is shipped. */
  private static void isAlsoALineOfTheLog(ServiceProcess service, String run) throws Exception {
    eventually("the attempt is in the log", () -> !attempts(service).isEmpty());
    assertThat(attempts(service)).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(attempts(service).get(0));
    assertThat(line.path("run_id").asText()).isEqualTo(run);
    assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
    assertThat(line.path("status").asInt()).isEqualTo(503);
    assertThat(line.path("next").asText()).isEqualTo("retry");
  }

  private static List<String> attempts(ServiceProcess service) {
    return service.logLines().stream()
        .filter(line -> line.contains("\"event\":\"attempt\""))
        .toList();
  }

  private void nothingThatOthersWroteIsInIt(String connection) {
    assertThat(collector.everything())
        .contains("fastyoke.delivery_id")
        .doesNotContain(
            SECRET,
            TENANT,
            "job-of-the-trace",
            "event-of-the-trace",
            "+15550001",
            "/status/503",
            receiver.url().replace("http://", ""),
            connection);
    Set<String> attributes =
        collector.spans().stream()
            .flatMap(span -> span.span().getAttributesList().stream())
            .map(attribute -> attribute.getKey())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(attributes)
        .isSubsetOf(
            "error.type",
            "fastyoke.action_index",
            "fastyoke.attempt",
            "fastyoke.delivery_id",
            "fastyoke.outcome",
            "fastyoke.provider",
            "fastyoke.queue_wait_ms",
            "fastyoke.recorded",
            "fastyoke.repeated",
            "fastyoke.run_id",
            "http.response.status_code");
    assertThat(collector.spans())
        .allMatch(span -> span.span().getEventsCount() == 0)
        .allMatch(span -> span.span().getStatus().getMessage().isEmpty());
  }

  /** What the tenant's template says wins; without a caller's trace there is one of its own. */
  @Test
  void aHeaderOfTheActionStays() throws Exception {
    String own = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-00";
    try (ServiceProcess service = ServiceProcess.start(env("http/protobuf"))) {
      String connection =
          ServiceClient.tenant(TENANT).connect(service.baseUri(), "d", receiver.url() + "/own");
      fire(
          service.baseUri(),
          List.of(
              action(connection, "/1", Map.of("headers", Map.of("Traceparent", own))),
              action(connection, "/2", Map.of())),
          false);
      awaits(1, 2);
    }
    String second = named("attempt").get(1).id();
    String trace = named("accept").get(0).trace();
    assertThat(named("accept").get(0).parent()).isEmpty();
    assertThat(receiver.at("/own/"))
        .extracting(arrival -> arrival.header("Traceparent"))
        .containsExactly(own, "00-" + trace + "-" + second + "-01");
  }

  /** Traces are for looking at; a collector that is away holds nobody up. */
  @Test
  void withoutACollectorRunsGoOn() throws Exception {
    Map<String, String> env = env("grpc");
    collector.close();
    try (ServiceProcess service = ServiceProcess.start(env)) {
      ServiceClient tenant = ServiceClient.tenant(TENANT);
      String connection = tenant.connect(service.baseUri(), "e", receiver.url() + "/alone");
      for (int i = 0; i < 20; i++) {
        fire(service.baseUri(), List.of(action(connection, "/" + i, Map.of())), false);
      }
      eventually("all arrive", () -> receiver.at("/alone/").size() == 20);
      assertThat(service.terminate()).isZero();
    }
  }
}
