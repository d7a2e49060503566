package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.support.FreePort;
import io.fastyoke.integrations.support.Nginx;
import io.fastyoke.integrations.support.TestAuthority;
import io.fastyoke.integrations.support.TestAuthority.Issued;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client certificates and own authorities, with nginx for a receiver. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ClientCertificatesTest {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final Map<String, Object> THRICE = Map.of("max_attempts", 3, "backoff_ms", 1);

  @TempDir static Path directory;
  private static TestAuthority servers;
  private static TestAuthority clients;
  private static Nginx nginx;
  private static int tls12;
  private static int tls13;
  private static int misnamed;

  private final Api api = Api.fresh();

  @BeforeAll
  static void start() throws Exception {
    servers = new TestAuthority();
    clients = new TestAuthority("RSA");
    tls12 = FreePort.find();
    tls13 = FreePort.find();
    misnamed = FreePort.find();
    Files.writeString(directory.resolve("clients.pem"), clients.pem());
    write("good", servers.intermediate("Test CA of servers").server(LOOPBACK, "EC"));
    write("other", servers.server("other.example.com"));
    String http =
        """
        log_format t '$uri|$ssl_client_s_dn|$ssl_client_verify|$ssl_protocol|$connection|$connection_requests|$ssl_session_reused';
        access_log out.log t;
        ssl_client_certificate clients.pem;
        ssl_verify_client on;
        ssl_verify_depth 3;
        ssl_session_cache shared:all:1m;
        """
            + server(tls12, "good", "TLSv1.2")
            + server(tls13, "good", "TLSv1.3")
            + server(misnamed, "other", "TLSv1.3");
    nginx = Nginx.start(directory, http, misnamed);
  }

  private static void write(String name, Issued issued) throws IOException {
    Files.writeString(directory.resolve(name + ".pem"), issued.pem());
    Files.writeString(directory.resolve(name + ".key"), issued.keyPem());
  }

  private static String server(int port, String name, String protocol) {
    return """
        server {
          listen 127.0.0.1:%d ssl;
          ssl_certificate %s.pem;
          ssl_certificate_key %s.key;
          ssl_protocols %s;
          location / { return 200 ok; }
          location = /token { default_type application/json; return 200 '{"access_token":"a-token","expires_in":300}'; }
        }
        """
        .formatted(port, name, name, protocol);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  /** What nginx has seen of this test's tenant. */
  private List<String[]> seen() throws IOException {
    return Files.readAllLines(directory.resolve("out.log")).stream()
        .filter(line -> line.contains(api.tenant()))
        .map(line -> line.split("\\|"))
        .toList();
  }

  private Map<String, Object> credentials(int port, Object... more) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("base_url", "https://127.0.0.1:" + port + "/" + api.tenant());
    for (int i = 0; i < more.length; i += 2) {
      fields.put((String) more[i], more[i + 1]);
    }
    return fields;
  }

  private Map<String, Object> with(int port, Issued client) {
    return credentials(
        port,
        "client_certificate",
        client.pem(),
        "client_key",
        client.keyPem(),
        "ca_certificates",
        servers.pem());
  }

  private String connection(Map<String, Object> credentials) {
    return api.create("generic_rest", credentials).then().statusCode(201).extract().path("id");
  }

  private ValidatableResponse fire(String connection, String path) {
    return api.fire(Api.with(Api.action(connection, path), "retry", THRICE)).then();
  }

  private ValidatableResponse test(String connection) {
    return api.as().post(Api.CONNECTIONS + "/" + connection + "/test").then().statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({"RSA, TLSv1.2", "RSA, TLSv1.3", "EC, TLSv1.2", "EC, TLSv1.3"})
  void bothKindsOfKeysWithAChainInBothVersions(String algorithm, String protocol) throws Exception {
    Issued client = clients.intermediate("Test CA of clients").client("alice", algorithm);
    String id = connection(with(protocol.equals("TLSv1.2") ? tls12 : tls13, client));
    test(id).body("outcome", equalTo("ok"));
    fire(id, "/x").body("status", equalTo("succeeded"));
    String[] last = seen().get(seen().size() - 1);
    assertThat(last[1]).isEqualTo("CN=alice");
    assertThat(last[2]).isEqualTo("SUCCESS");
    assertThat(last[3]).isEqualTo(protocol);
  }

  @Test
  void aCertificateThatIsNotThereIsNamedAndNotTriedAgain() {
    String id = connection(credentials(tls13, "ca_certificates", servers.pem()));
    String words = "The host had asked for a client certificate, and the connection has none.";
    fire(id, "/x")
        .body("actions[0].error.code", equalTo("http_status"))
        .body("actions[0].error.message", equalTo("The receiver answered 400. " + words))
        .body("actions[0].attempts", equalTo(1));
    test(id).body("message", containsString(words)).body("response_status", equalTo(400));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNamed() throws Exception {
    String id = connection(with(tls13, new TestAuthority().client("mallory", "EC")));
    fire(id, "/x")
        .body("actions[0].error.code", equalTo("http_status"))
        .body("actions[0].error.message", containsString("client certificate of the connection"))
        .body("actions[0].attempts", equalTo(1));
  }

  /** As Apache, HAProxy and Envoy do: an alert, with TLS 1.3 after the handshake. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aHostThatRefusesInTheHandshakeIsNamedAndNotTriedAgain(String version) throws Exception {
    int port = FreePort.find();
    Process openssl =
        new ProcessBuilder(
                ("openssl s_server -accept 127.0.0.1:%d %s -cert good.pem -key good.key -cert_chain good.pem"
                        + " -Verify 3 -verify_return_error -CAfile clients.pem -www -quiet")
                    .formatted(port, version)
                    .split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    try {
      String good = connection(with(port, clients.client("alice", "EC")));
      eventually(
          "openssl takes the certificate", () -> test(good).extract().path("outcome").equals("ok"));
      String without = connection(credentials(port, "ca_certificates", servers.pem()));
      refused(without, "TLS: the host requires a client certificate, and the connection has none.");
      refused(
          connection(with(port, new TestAuthority().client("mallory", "EC"))),
          "TLS: the host refuses the client certificate of the connection: it does not know the authority, or the chain is incomplete.");
    } finally {
      openssl.destroy();
    }
  }

  private void refused(String connection, String words) {
    fire(connection, "/x")
        .body("actions[0].error.code", equalTo("unreachable"))
        .body("actions[0].error.message", equalTo(words))
        .body("actions[0].attempts", equalTo(1));
    test(connection)
        .body("outcome", equalTo("unreachable"))
        .body("message", equalTo("The endpoint could not be reached: " + words));
  }

  @Test
  void onlyItsOwnAuthoritiesAreTrustedAndOnlyForTheName() throws Exception {
    Issued client = clients.client("alice", "EC");
    Map<String, Object> another = with(tls13, client);
    another.put("ca_certificates", new TestAuthority().pem());
    Map<String, Object> platform = with(tls13, client);
    platform.remove("ca_certificates");
    for (Map<String, Object> untrusted : List.of(another, platform)) {
      String id = connection(untrusted);
      String words = "TLS: the host's certificate is from an unknown authority";
      fire(id, "/x")
          .body("actions[0].error.code", equalTo("unreachable"))
          .body("actions[0].error.message", containsString(words));
      test(id).body("outcome", equalTo("unreachable")).body("message", containsString(words));
    }
    fire(connection(with(misnamed, client)), "/x")
        .body("actions[0].error.code", equalTo("unreachable"))
        .body(
            "actions[0].error.message",
            equalTo("TLS: the host's certificate is for another name."));
    assertThat(seen()).isEmpty();
  }

  /** The same certificate, host and tenant: what is shared is the connection's alone. */
  @Test
  void connectionsAndSessionsAreSharedWithNobody() throws Exception {
    Issued alice = clients.client("alice", "EC");
    String one = connection(with(tls12, alice));
    String other = connection(with(tls12, alice));
    for (String path : List.of("/1", "/2")) {
      fire(one, path).body("status", equalTo("succeeded"));
      fire(other, path).body("status", equalTo("succeeded"));
    }
    api.as()
        .body(Map.of("credentials", with(tls12, clients.client("bob", "EC"))))
        .patch(Api.CONNECTIONS + "/" + one)
        .then()
        .statusCode(200);
    fire(one, "/3").body("status", equalTo("succeeded"));
    List<String[]> seen = seen();
    assertThat(seen).hasSize(5);
    assertThat(seen.get(2)[4]).as("kept alive").isEqualTo(seen.get(0)[4]);
    assertThat(seen.get(3)[4]).isEqualTo(seen.get(1)[4]).isNotEqualTo(seen.get(0)[4]);
    assertThat(seen.get(4)[1]).isEqualTo("CN=bob");
    assertThat(seen.get(4)[5]).as("of a new connection").isEqualTo("1");
    assertThat(seen).allSatisfy(request -> assertThat(request[6]).isEqualTo("."));
  }

  @Test
  void theTokenEndpointGetsThemToo() throws Exception {
    Map<String, Object> fields = with(tls13, clients.client("carol", "EC"));
    fields.put(
        "oauth2",
        Map.of(
            "token_url",
            "https://127.0.0.1:" + tls13 + "/token",
            "client_id",
            "c",
            "client_secret",
            "hush-s3cr3t"));
    String id = connection(fields);
    fire(id, "/x").body("status", equalTo("succeeded"));
    test(id).body("outcome", equalTo("ok")).body("message", containsString("A token was granted."));
    assertThat(Files.readAllLines(directory.resolve("out.log")))
        .anyMatch(line -> line.startsWith("/token|CN=carol|SUCCESS"));
    fields.put("ca_certificates", new TestAuthority().pem());
    fire(connection(fields), "/x")
        .body("actions[0].error.code", equalTo("token_unreachable"))
        .body("actions[0].error.message", containsString("unknown authority"));
  }

  @Test
  void showsWhenTheCertificateEndsAndNothingElseOfIt() throws Exception {
    Instant end = TestAuthority.tomorrow().plus(Duration.ofDays(30));
    Issued client = clients.client("alice", "EC", end);
    Response created = api.create("generic_rest", with(tls13, client));
    String shown = end.toString().replace("Z", ".000Z");
    created.then().statusCode(201).body("certificate_expires_at", equalTo(shown));
    String id = created.path("id");
    api.as()
        .get(Api.CONNECTIONS)
        .then()
        .body("certificate_expires_at", contains(shown))
        .body("[0].credentials", nullValue());
    assertThat(created.asString()).doesNotContain("BEGIN", "PRIVATE");
    api.as()
        .body(Map.of("credentials", credentials(tls13)))
        .patch(Api.CONNECTIONS + "/" + id)
        .then()
        .body("certificate_expires_at", nullValue());
  }

  @Test
  void mistakesAreNamedByTheirFieldsWithoutQuotingThem() throws Exception {
    Issued client = clients.client("alice", "EC");
    Issued ended = clients.client("alice", "EC", Instant.now().minusSeconds(60));
    refuses(with(tls13, ended), "client_certificate", "has expired on ");
    Map<String, Object> half = with(tls13, client);
    half.remove("client_key");
    refuses(half, "client_key", "is required together with client_certificate");
    Map<String, Object> wrong = with(tls13, client);
    wrong.put("client_key", clients.client("bob", "EC").keyPem());
    refuses(wrong, "client_key", "does not belong to client_certificate");
    refuses(credentials(tls13, "ca_certificates", ""), "ca_certificates", "must not be empty");
    refuses(
        credentials(tls13, "ca_certificates", "hush ".repeat(20_000)),
        "ca_certificates",
        "must have at most 65536 characters");
    refuses(
        credentials(tls13, "ca_certificates", "hush-" + UUID.randomUUID()),
        "ca_certificates",
        "must be PEM");
  }

  private void refuses(Map<String, Object> credentials, String field, String message) {
    Response answer = api.create("generic_rest", credentials);
    answer
        .then()
        .statusCode(400)
        .body("error", equalTo("validation_failed"))
        .body("details.fields.field", contains("credentials." + field))
        .body("details.fields[0].message", containsString(message));
    assertThat(answer.asString()).doesNotContain("hush", "MII", "MIG");
  }
}
