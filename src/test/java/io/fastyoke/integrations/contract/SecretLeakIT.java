package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.FreePort;
import io.fastyoke.integrations.support.LoopbackServer;
import io.fastyoke.integrations.support.Nginx;
import io.fastyoke.integrations.support.Sql;
import io.fastyoke.integrations.support.TestAuthority;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * After a run of everything, with hosts that send every secret back in every form, no secret is in
 * the log (at its most talkative), the database, the metrics or any answer.
 */
class SecretLeakIT {
  private static final String KEY = ServiceClient.ENCRYPTION_KEY;
  private static final String DATABASE_PASSWORD = "database-pa55word-Zq";

  // With characters that every encoding writes in another way.
  private static final String AUTH = "Bearer r3st \"auth' \\/+&=%<Jx>tok~en";
  private static final String HEADER = "r3st \"header' \\/+&=%<Kx>val~ue";
  private static final String SIGNING =
      "whsec_" + Encodings.base64("the signing secret of 32 bytes!!");
  private static final String BASE = "B4sePathOf28~letters-and9x";
  private static final String QUERY = "qu3ry\"param' \\/+&=%<Px>val~ue";
  private static final String USER = "b4sic\"user' \\/+&=%<Qx>na~me";
  private static final String PASSWORD = "b4sic\"pass' \\/+&=%<Rx>wo:rd";
  private static final String CLIENT = "0auth\"name' \\/+&=%<Sx>cli~ent";
  private static final String CLIENT_SECRET = "0auth\"secret' \\/+&=%<Tx>val~ue";
  private static final String PARAMETER = "0auth\"param' \\/+&=%<Ux>val~ue";
  private static final String AWS_ID = "AKIA0CANARY1OF2AWS3KEYS4";
  private static final String AWS_SECRET = "4ws\"secret'\\/+&=%<Vx>val~ue";
  private static final String AWS_TOKEN = "4ws\"session'\\/+&=%<Wx>tok~en";
  private static final String TOKEN = "t0ken.For~the/Receiver+only=";
  private static final String SECOND =
      "whsec_" + Encodings.base64("the second secret of 32 bytes!!!");
  private static final String SIGNING_KEY =
      "whsk_" + Encodings.base64("a private key that is 32 bytes!!");
  private static final String TWILIO = "tw1lio\"auth'\\/+&=%<Lx>tok~en";
  private static final String TWILIO_KEY = "tw1lio\"key'\\/+&=%<Mx>sec~ret";
  private static final String SENDGRID = "SG.s3nd\"grid'\\/+&=%<Nx>k~ey";
  private static final String MISPLACED = "m1splaced\"cred\\/+&=%<Ox>ent~ial";
  private static final List<String> CREDENTIALS =
      List.of(
          AUTH,
          HEADER,
          SIGNING,
          BASE,
          QUERY,
          USER,
          PASSWORD,
          CLIENT,
          CLIENT_SECRET,
          PARAMETER,
          AWS_ID,
          AWS_SECRET,
          AWS_TOKEN,
          TOKEN,
          SECOND,
          SIGNING_KEY,
          TWILIO,
          TWILIO_KEY,
          SENDGRID);

  /** Of every attempt: fresh ones are as good as the secret itself. */
  private static final Set<String> SIGNATURES = ConcurrentHashMap.newKeySet();

  // How often a host has said something back.
  private static final AtomicInteger ECHOES = new AtomicInteger();

  private static final AtomicInteger TOKENS = new AtomicInteger();

  /** Lines in the middle of a client certificate, its key and an authority. */
  private static final List<String> PEM_LINES = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final ServiceClient tenant = ServiceClient.tenant("leaky");

  @Test
  void noSecretIsFoundAnywhere() throws Exception {
    LoopbackServer echo = LoopbackServer.start(SecretLeakIT::answer);
    String url = echo.url();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      sql(postgres, "CREATE ROLE service SUPERUSER LOGIN PASSWORD '" + DATABASE_PASSWORD + "'");
      Map<String, String> env = new HashMap<>();
      env.put(
          "DATABASE_URL",
          "postgres://service:%s@localhost:%d/postgres?sslmode=disable"
              .formatted(DATABASE_PASSWORD, postgres.getPort()));
      env.put("ENCRYPTION_KEY", KEY);
      env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
      env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
      env.put("EGRESS_ALLOW_HTTP", "true");
      env.put("TWILIO_API_URL", url);
      env.put("SENDGRID_API_URL", url);
      env.put("QUARKUS_LOG_LEVEL", "TRACE");
      try (ServiceProcess service = ServiceProcess.start(env)) {
        everything(service, url);
        eventually(
            "a notice is answered",
            () ->
                ask(service, "GET", "/api/v1/tenant/event-log?event_type=NOTICE", null)
                    .body()
                    .contains("[redacted]"));
        Map<String, String> places = new LinkedHashMap<>();
        places.put("metrics", ask(service, "GET", "/q/metrics", null).body());
        places.put("answers", String.join("\n", answers));
        places.put("database", dump(postgres));
        service.terminate();
        places.put("log", service.log());
        assertThat(TOKENS.get()).isGreaterThan(3);
        assertThat(ECHOES.get()).isGreaterThan(4 * 5);
        assertThat(SIGNATURES).hasSizeGreaterThan(2 * 5);
        assertThat(PEM_LINES).hasSize(3 * 2);
        assertThat(places.get("log")).contains(" DEBUG ").doesNotContain("left to its lease");
        assertThat(places.get("database")).contains("[redacted]", "leaky");
        places.forEach(SecretLeakIT::assertNoSecret);
      }
    } finally {
      echo.close();
    }
  }

  private void everything(ServiceProcess service, String url) {
    List<String> connections =
        List.of(
            connection(
                service,
                "generic_rest",
                Map.of(
                    "base_url",
                    url + "/services/T0AB/" + BASE,
                    "auth_header",
                    AUTH,
                    "headers",
                    Map.of("X-Key", HEADER),
                    "query",
                    Map.of("key", QUERY),
                    "signing_secret",
                    SIGNING)),
            connection(
                service,
                "generic_rest",
                Map.of(
                    "base_url",
                    url,
                    "basic",
                    Map.of("username", USER, "password", PASSWORD),
                    "signing_secrets",
                    List.of(SIGNING_KEY, SECOND))),
            connection(service, "generic_rest", Map.of("base_url", url, "oauth2", oauth2(url))),
            connection(service, "generic_rest", Map.of("base_url", url, "aws_sigv4", aws())),
            connection(
                service,
                "twilio",
                Map.of("account_sid", "AC" + "0a".repeat(16), "auth_token", TWILIO)),
            connection(
                service,
                "twilio",
                Map.of(
                    "account_sid",
                    "AC" + "0a".repeat(16),
                    "api_key_sid",
                    "SK" + "0b".repeat(16),
                    "api_key_secret",
                    TWILIO_KEY)),
            connection(service, "sendgrid", Map.of("api_key", SENDGRID)));
    notices(service, connections);
    for (String connection : connections) {
      ask(service, "POST", Api.CONNECTIONS + "/" + connection + "/test", null);
      for (String path :
          List.of(
              "/200",
              "/400",
              "/500",
              "/301",
              "/garbage",
              "/hangup",
              "/utf16",
              "/utf32",
              "/gzip",
              "/deflate",
              "/br",
              "/binary")) {
        Object run = Api.run("job " + path, List.of(Api.action(connection, path)));
        String id = ask(service, "POST", Api.RUNS, run).json().get("id").asText();
        ask(service, "POST", Api.RUNS + "/preview", run);
        ask(service, "GET", Api.RUNS + "/" + id, null);
        ask(service, "GET", Api.RUNS + "/" + id + "/requests", null);
        ask(service, "POST", Api.RUNS + "/" + id + "/cancel", null);
        ask(service, "POST", Api.RUNS + "/" + id + "/replay", null);
      }
      ask(service, "POST", Api.RUNS + "/replay", Map.of("connection_id", connection));
      ask(service, "GET", Api.CONNECTIONS + "/" + connection, null);
      ask(service, "PATCH", Api.CONNECTIONS + "/" + connection, Map.of("connection_name", "x"));
      ask(
          service,
          "PATCH",
          Api.CONNECTIONS + "/" + connection,
          Map.of("credentials", Map.of("nonsense", MISPLACED)));
    }
    mistakes(service);
    certificates(service);
    for (String list :
        List.of(
            Api.CONNECTIONS,
            Api.RUNS + "?limit=200",
            "/api/v1/tenant/event-log?limit=200",
            "/api/v1/tenant/event-log/summary?job_id=job",
            "/api/v1/tenant/usage",
            "/api/v1/tenant/stats",
            "/api/v1/tenant/providers",
            "/api/v1/super/keys")) {
      ask(service, "GET", list, null);
    }
    answers.add(
        ServiceClient.platform().send(service.baseUri(), "GET", "/api/v1/super/keys", null).body());
    ask(service, "DELETE", Api.CONNECTIONS + "/" + connections.get(0), null);
  }

  private static Map<String, Object> aws() {
    return Map.of(
        "access_key_id",
        AWS_ID,
        "secret_access_key",
        AWS_SECRET,
        "session_token",
        AWS_TOKEN,
        "region",
        "eu-central-1",
        "service",
        "execute-api");
  }

  /** A receiver that demands a client certificate, and says back all that there is of it. */
  private void certificates(ServiceProcess service) {
    try {
      TestAuthority authority = new TestAuthority();
      TestAuthority.Issued client = authority.client("alice", "RSA");
      TestAuthority.Issued server = authority.server(new byte[] {127, 0, 0, 1}, "RSA");
      for (String pem : List.of(client.pem(), client.keyPem(), authority.pem())) {
        PEM_LINES.addAll(pem.lines().skip(3).limit(2).toList());
      }
      Files.writeString(directory.resolve("ca.pem"), authority.pem());
      Files.writeString(directory.resolve("server.pem"), server.pem());
      Files.writeString(directory.resolve("server.key"), server.keyPem());
      int port = FreePort.find();
      try (Nginx nginx = Nginx.start(directory, mutualTls(port, client), port)) {
        String id =
            connection(
                service,
                "generic_rest",
                Map.of(
                    "base_url",
                    "https://127.0.0.1:" + port,
                    "client_certificate",
                    client.pem(),
                    "client_key",
                    client.keyPem(),
                    "ca_certificates",
                    authority.pem()));
        Object run = Api.run("job tls", List.of(Api.action(id, "/echo")));
        Answer fired = ask(service, "POST", Api.RUNS, run);
        assertThat(fired.json().at("/actions/0/response_status").asInt())
            .as(fired.body())
            .isEqualTo(422);
        ask(service, "POST", Api.RUNS + "/preview", run);
        ask(service, "GET", Api.CONNECTIONS + "/" + id, null);
        for (String field : List.of("client_certificate", "client_key", "ca_certificates")) {
          Map<String, Object> wrong =
              Map.of("base_url", "https://127.0.0.1", field, client.keyPem() + MISPLACED);
          ask(service, "PATCH", Api.CONNECTIONS + "/" + id, Map.of("credentials", wrong));
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String mutualTls(int port, TestAuthority.Issued client) {
    return """
        access_log off;
        server {
          listen 127.0.0.1:%d ssl;
          ssl_certificate server.pem;
          ssl_certificate_key server.key;
          ssl_client_certificate ca.pem;
          ssl_verify_client on;
          location / { return 200 ok; }
          location = /echo { return 422 "$ssl_client_raw_cert $ssl_client_escaped_cert $ssl_client_cert %s"; }
        }
        """
        .formatted(port, client.keyPem());
  }

  /** One carries what is told of the others, to a host that says it back and refuses it. */
  private void notices(ServiceProcess service, List<String> connections) {
    Map<String, Object> wanted =
        Map.of(
            "connection_id",
            connections.get(0),
            "path",
            "/400",
            "events",
            List.of("connection.paused", "connection.failing", "run.failed"));
    ask(service, "PUT", "/api/v1/tenant/notices", wanted);
    ask(service, "GET", "/api/v1/tenant/notices", null);
    ask(
        service,
        "PUT",
        "/api/v1/tenant/notices",
        Map.of("connection_id", MISPLACED, "path", MISPLACED, "events", List.of(MISPLACED)));
    for (String status : List.of("paused", "active")) {
      ask(service, "PATCH", Api.CONNECTIONS + "/" + connections.get(1), Map.of("status", status));
    }
  }

  private static Map<String, Object> oauth2(String url) {
    return Map.of(
        "token_url",
        url + "/token",
        "client_id",
        CLIENT,
        "client_secret",
        CLIENT_SECRET,
        "parameters",
        Map.of("resource", PARAMETER));
  }

  /** Secrets where none belong. */
  private void mistakes(ServiceProcess service) {
    for (Object body :
        List.of(
            MISPLACED,
            // The name of a field is no secret: a typo is told by its name.
            Map.of("credential", MISPLACED),
            Map.of("provider", MISPLACED, "connection_name", "n", "credentials", Map.of()),
            Map.of("provider", "sendgrid", "connection_name", "n", "credentials", MISPLACED),
            Map.of(
                "provider",
                "sendgrid",
                "connection_name",
                "n",
                "credentials",
                Map.of("api_key", List.of(MISPLACED))),
            Map.of(
                "provider",
                "twilio",
                "connection_name",
                "n",
                "credentials",
                Map.of("account_sid", MISPLACED, "auth_token", MISPLACED)),
            Map.of(
                "provider",
                "generic_rest",
                "connection_name",
                "n",
                "credentials",
                Map.of("base_url", "https://user:" + MISPLACED + "@example.com")),
            Map.of(
                "provider",
                "sendgrid",
                "connection_name",
                "n",
                "credentials",
                Map.of("api_key", MISPLACED),
                "settings",
                Map.of("timeout_ms", MISPLACED)))) {
      answers.add(tenant.send(service.baseUri(), "POST", Api.CONNECTIONS, body).body());
    }
    answers.add(
        ServiceClient.withToken(MISPLACED.replace("\"", "").replace("\\", ""))
            .send(service.baseUri(), "GET", Api.CONNECTIONS, null)
            .body());
  }

  private String connection(
      ServiceProcess service, String provider, Map<String, Object> credentials) {
    Answer tested =
        ask(
            service,
            "POST",
            Api.CONNECTIONS + "/test",
            Map.of("provider", provider, "credentials", credentials));
    assertThat(tested.status()).as(tested.body()).isEqualTo(200);
    Answer answer =
        ask(
            service,
            "POST",
            Api.CONNECTIONS,
            Map.of(
                "provider",
                provider,
                "connection_name",
                provider + " " + answers.size(),
                "credentials",
                credentials));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().get("id").asText();
  }

  private Answer ask(ServiceProcess service, String method, String path, Object body) {
    Answer answer = tenant.send(service.baseUri(), method, path, body);
    answers.add(answer.headers());
    answers.add(answer.body());
    return answer;
  }

  /** Says back what it was told, and everything else that it should not. */
  private static void answer(HttpExchange exchange) throws IOException {
    String told = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/token")) {
      token(exchange, told);
      return;
    }
    StringBuilder body = new StringBuilder("{\"echo\":[");
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    List<String> secrets = secretsOf(authorization);
    for (String name : List.of("X-FastYoke-Signature", "webhook-signature")) {
      String signature = exchange.getRequestHeaders().getFirst(name);
      if (signature != null) {
        secrets.add(signature);
        for (String one : signature.split(" ")) {
          // What follows the scheme.
          SIGNATURES.add(one.replaceFirst("^(sha256=|v1a?,)", ""));
          secrets.add(one);
        }
      }
    }
    for (String secret : secrets) {
      Encodings.echoes(secret).forEach(form -> body.append(form).append('\n'));
    }
    if (path.endsWith("/hangup")) {
      exchange.close();
      return;
    }
    byte[] bytes = written(body.append(exchange.getRequestURI()).toString(), path);
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    if (path.endsWith("/gzip") || path.endsWith("/deflate") || path.endsWith("/br")) {
      String coding = path.substring(path.lastIndexOf('/') + 1);
      exchange.getResponseHeaders().set("Content-Encoding", coding);
    }
    exchange.getResponseHeaders().set("X-Request-Id", String.valueOf(authorization));
    exchange
        .getResponseHeaders()
        .set("Location", "/x?" + Encodings.urlEncoded(String.valueOf(authorization)));
    int status =
        path.matches(".*/[0-9]{3}(\\.json)?")
            ? Integer.parseInt(path.replaceAll(".*/([0-9]{3})(\\.json)?", "$1"))
            : 422;
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    ECHOES.incrementAndGet();
    exchange.close();
  }

  /** A token, and now and then a refusal that says back what it was told. */
  private static void token(HttpExchange exchange, String told) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    boolean granted = TOKENS.incrementAndGet() % 3 != 0;
    String body =
        granted
            ? "{\"access_token\":\"" + TOKEN + "\",\"expires_in\":2}"
            : "{\"error\":\"" + authorization + "\",\"error_description\":\"" + told + "\"}";
    exchange.getResponseHeaders().set("X-Request-Id", authorization);
    LoopbackServer.answer(exchange, granted ? 200 : 400, body);
  }

  private static byte[] written(String body, String path) throws IOException {
    String how = path.substring(path.lastIndexOf('/') + 1);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    switch (how) {
      case "garbage":
        return body.getBytes(ISO_8859_1);
      case "utf16":
        return body.getBytes(UTF_16LE);
      case "utf32":
        return body.getBytes(Charset.forName("UTF-32BE"));
      case "binary":
        packed.write(new byte[] {(byte) 0xFF, 0, 7, (byte) 0xC3});
        packed.write(body.getBytes(UTF_8));
        return packed.toByteArray();
      case "gzip", "deflate":
        try (OutputStream out =
            how.equals("gzip") ? new GZIPOutputStream(packed) : new DeflaterOutputStream(packed)) {
          out.write(body.getBytes(UTF_8));
        }
        return packed.toByteArray();
      default:
        return body.getBytes(UTF_8);
    }
  }

  /** All that belongs to the connection that was fired, also what it did not send. */
  private static List<String> secretsOf(String authorization) {
    List<String> secrets = new ArrayList<>(List.of(authorization));
    if (authorization.equals(AUTH)) {
      secrets.addAll(List.of(HEADER, SIGNING, BASE, QUERY));
    } else if (authorization.startsWith("Basic ")) {
      String pair = new String(Base64.getDecoder().decode(authorization.substring(6)), UTF_8);
      int colon = pair.indexOf(':');
      secrets.addAll(List.of(pair, pair.substring(0, colon), pair.substring(colon + 1)));
      if (pair.startsWith(USER)) {
        secrets.addAll(List.of(SIGNING_KEY, SECOND));
      }
    } else if (authorization.startsWith("AWS4-HMAC-SHA256")) {
      secrets.addAll(List.of(AWS_ID, AWS_SECRET, AWS_TOKEN));
      SIGNATURES.add(authorization.substring(authorization.length() - 64));
    } else if (authorization.endsWith(TOKEN)) {
      secrets.addAll(List.of(TOKEN, CLIENT, CLIENT_SECRET, PARAMETER));
    } else {
      secrets.add(SENDGRID);
    }
    return secrets;
  }

  private static void assertNoSecret(String place, String text) {
    List<String> all = new ArrayList<>(CREDENTIALS);
    all.add(MISPLACED);
    all.addAll(PEM_LINES);
    all.addAll(SIGNATURES);
    all.add(ServiceClient.JWT_SECRET);
    all.add(DATABASE_PASSWORD);
    all.add(KEY);
    // What follows the scheme is the secret.
    all.add(AUTH.substring("Bearer ".length()));
    for (String secret : all) {
      for (String form : Encodings.traces(secret)) {
        int at = text.indexOf(form);
        assertThat(at < 0)
            .as(
                "%s has %s as %s: …%s…",
                place, secret, form, at < 0 ? "" : excerpt(text, at, form.length()))
            .isTrue();
      }
    }
  }

  private static String excerpt(String text, int at, int length) {
    return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + length + 200));
  }

  private static String dump(EmbeddedPostgres postgres) throws SQLException, IOException {
    StringWriter dump = new StringWriter();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
                  + " AND relnamespace = 'public'::regnamespace")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("connections", "action_runs", "utility_ledger");
      for (String table : tables) {
        // As text with its own escapes, and once more without.
        String query = "COPY (SELECT * FROM " + table + ") TO STDOUT";
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(query, dump);
        String csv = "COPY (SELECT t::text FROM " + table + " t) TO STDOUT (FORMAT csv)";
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(csv, dump);
      }
    }
    return dump.toString();
  }

  private static void sql(EmbeddedPostgres postgres, String statement) {
    Sql.of(postgres).execute(statement);
  }
}
