package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServicePackage;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.LoopbackServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service at rest holds no credential that it has seen: not in what is reachable on its heap, in
 * none of the forms in which the JVM keeps text. What it holds all the time, and where garbage may
 * be, is in docs/threat-model.md.
 */
class HeapDumpIT {
  private static final String KEY = ServiceClient.ENCRYPTION_KEY;

  /** Within every secret, so that pieces are found as well. */
  private static final String MARK = "h3apMark";

  @TempDir Path folder;

  private int secrets;

  @Test
  void noCredentialIsLeftOnTheHeap() throws Exception {
    ServicePackage.assumeJvm("jcmd dumps the heap of a JVM only");
    LoopbackServer host = LoopbackServer.start(HeapDumpIT::answer);
    String url = host.url();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      Map<String, String> env = new HashMap<>();
      env.put(
          "DATABASE_URL",
          "postgres://postgres@localhost:%d/postgres?sslmode=disable"
              .formatted(postgres.getPort()));
      env.put("ENCRYPTION_KEY", KEY);
      env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
      env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
      env.put("EGRESS_ALLOW_HTTP", "true");
      env.put("TWILIO_API_URL", url);
      env.put("SENDGRID_API_URL", url);
      try (ServiceProcess service = ServiceProcess.start(env)) {
        use(service, url);
        // Later requests take the buffers that the first ones have left.
        ServiceClient tenant = ServiceClient.tenant("heap");
        tenant.send(service.baseUri(), "GET", Api.CONNECTIONS, null);
        String dump = dump(service.pid());
        assertThat(found(dump, "fastyoke_integrations_api")).as("the dump is one").isNotEmpty();
        assertThat(found(dump, MARK)).isEmpty();
        // Everything stood still while it was written.
        service.forgiveBlocked();
      }
    } finally {
      host.close();
    }
  }

  /** A secret like no other. */
  private String secret(String start) {
    secrets++;
    return start + MARK + secrets;
  }

  private void use(ServiceProcess service, String url) {
    ServiceClient tenant = ServiceClient.tenant("heap");
    for (int i = 0; i < 5; i++) {
      List<String> connections = new ArrayList<>();
      for (Map<String, Object> body : bodies(url, i)) {
        Answer tested =
            tenant.send(service.baseUri(), "POST", Api.CONNECTIONS + "/test", body(body, null));
        assertThat(tested.status()).as(tested.body()).isEqualTo(200);
        Answer created =
            tenant.send(
                service.baseUri(),
                "POST",
                Api.CONNECTIONS,
                body(body, "n" + connections.size() + i));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        connections.add(created.json().get("id").asText());
      }
      for (String connection : connections) {
        tenant.send(service.baseUri(), "POST", Api.CONNECTIONS + "/" + connection + "/test", null);
        for (String path : List.of("/200", "/500")) {
          Object run = Api.run("job", List.of(Api.action(connection, path)));
          assertThat(tenant.send(service.baseUri(), "POST", Api.RUNS, run).status()).isEqualTo(200);
          tenant.send(service.baseUri(), "POST", Api.RUNS + "/preview", run);
        }
      }
      mistakes(service, tenant);
    }
  }

  private List<Map<String, Object>> bodies(String url, int round) {
    return List.of(
        Map.of(
            "provider",
            "generic_rest",
            "credentials",
            Map.of(
                "base_url",
                url,
                "auth_header",
                secret("Bearer "),
                "headers",
                // Escaped, so that it is looked at twice; and longer than a parser's first buffer.
                Map.of("X-Key", secret("\"\\"), "X-Long", secret("l".repeat(3_000))),
                "signing_secret",
                secret("s".repeat(20)))),
        Map.of(
            "provider",
            "twilio",
            "credentials",
            Map.of("account_sid", "AC" + "0a".repeat(16), "auth_token", secret("t" + round))),
        Map.of("provider", "sendgrid", "credentials", Map.of("api_key", secret("SG."))));
  }

  private static Map<String, Object> body(Map<String, Object> given, String name) {
    Map<String, Object> body = new LinkedHashMap<>(given);
    if (name != null) {
      body.put("connection_name", name);
    }
    return body;
  }

  /** What is refused after its credentials were read. */
  private void mistakes(ServiceProcess service, ServiceClient tenant) {
    Map<String, Object> unknown = new LinkedHashMap<>();
    unknown.put("provider", "sendgrid");
    unknown.put("credentials", Map.of("api_key", secret("SG.")));
    unknown.put("nonsense", true);
    assertThat(tenant.send(service.baseUri(), "POST", Api.CONNECTIONS, unknown).status())
        .isEqualTo(400);
    Map<String, Object> nameless =
        Map.of("provider", "sendgrid", "credentials", Map.of("api_key", secret("SG.")));
    assertThat(tenant.send(service.baseUri(), "POST", Api.CONNECTIONS, nameless).status())
        .isEqualTo(400);
    Map<String, Object> foreign = new LinkedHashMap<>(nameless);
    foreign.put("connection_name", "x");
    foreign.put("tenant_id", "other");
    assertThat(tenant.send(service.baseUri(), "POST", Api.CONNECTIONS, foreign).status())
        .isEqualTo(403);
    Map<String, Object> blocked =
        Map.of(
            "provider",
            "generic_rest",
            "connection_name",
            "x",
            "credentials",
            Map.of("base_url", "https://10.0.0.1", "auth_header", secret("Bearer ")));
    assertThat(tenant.send(service.baseUri(), "POST", Api.CONNECTIONS, blocked).status())
        .isEqualTo(400);
  }

  /** Of what is reachable: the JVM collects garbage first. */
  private String dump(long pid) throws Exception {
    Path file = folder.resolve("heap.hprof");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.heap_dump",
                file.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    assertThat(jcmd.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.exists(file)).as(said).isTrue();
    return Files.readString(file, ISO_8859_1);
  }

  /** Where a text is in the dump, in any of the JVM's forms. */
  private static List<String> found(String dump, String text) {
    List<String> places = new ArrayList<>();
    for (Charset form : List.of(ISO_8859_1, UTF_16BE, UTF_16LE)) {
      String bytes = new String(text.getBytes(form), ISO_8859_1);
      for (int at = dump.indexOf(bytes); at >= 0; at = dump.indexOf(bytes, at + 1)) {
        places.add(form + ": " + printable(dump, at));
      }
    }
    return places;
  }

  private static String printable(String text, int at) {
    return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 120))
        .replaceAll("[^\\x20-\\x7e]", ".");
  }

  /** With the credential, as some do. */
  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body =
        ("you are " + exchange.getRequestHeaders().getFirst("Authorization")).getBytes(UTF_8);
    int status = exchange.getRequestURI().getPath().endsWith("/500") ? 500 : 200;
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
