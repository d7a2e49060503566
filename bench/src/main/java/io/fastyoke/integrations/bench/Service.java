package io.fastyoke.integrations.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The packaged service as a process, and what is needed to talk to it. */
final class Service implements AutoCloseable {
  /** Of this run, and of all the services that it starts. */
  private static final String JWT_SECRET = random();

  private static final String ENCRYPTION_KEY = random();
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final int port;
  private final long startedAt = System.nanoTime();
  private final HttpClient http = HttpClient.newHttpClient();

  Service(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** What it is told, besides what the machine tells it. */
  static Map<String, String> environment(int port, String databaseUrl) {
    return Map.of(
        "MALLOC_ARENA_MAX",
        "1",
        "PORT",
        String.valueOf(port),
        "DATABASE_URL",
        databaseUrl,
        "ENCRYPTION_KEY",
        ENCRYPTION_KEY,
        "JWT_SECRET",
        JWT_SECRET,
        "EGRESS_ALLOW_CIDRS",
        "127.0.0.0/8",
        "EGRESS_ALLOW_HTTP",
        "true");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it says that it is ready. */
  void awaitReady() throws IOException, InterruptedException {
    await(() -> send(HttpRequest.newBuilder(at("/q/health/ready")).build()).statusCode() == 200);
  }

  /** Fires until the first 202, and says how many milliseconds after the start that was. */
  long millisToFirst202(Fires fires) throws IOException, InterruptedException {
    await(
        () -> post("/api/v1/tenant/action-runs", fires.tenant(), fires.body()).statusCode() == 202);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
  }

  /** Makes a generic_rest connection and returns its id. */
  String connect(String tenant, String name, String baseUrl)
      throws IOException, InterruptedException {
    JsonObject connection =
        new JsonObject()
            .put("provider", "generic_rest")
            .put("connection_name", name)
            .put(
                "credentials",
                new JsonObject()
                    .put("base_url", baseUrl)
                    .put("auth_header", "Bearer a-token-of-the-benchmark")
                    .put("signing_secret", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    HttpResponse<String> made = post("/api/v1/tenant/connections", tenant, connection.encode());
    if (made.statusCode() != 201) {
      throw new IOException("no connection could be made: " + made.body());
    }
    return new JsonObject(made.body()).getString("id");
  }

  /** A token of a tenant's engine, good for a day. */
  static String token(String tenant) {
    long now = System.currentTimeMillis() / 1000;
    JsonObject claims =
        new JsonObject()
            .put("sub", "engine")
            .put("email", "engine@example.com")
            .put("tenant_id", tenant)
            .put("role", "admin")
            .put("iat", now)
            .put("exp", now + TimeUnit.DAYS.toSeconds(1));
    String signed =
        base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII))
            + '.'
            + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(JWT_SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return signed + '.' + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private HttpResponse<String> post(String path, String tenant, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Authorization", "Bearer " + token(tenant))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(Condition condition) throws IOException, InterruptedException {
    while (System.nanoTime() - startedAt < PATIENCE_NANOS) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException notYetListening) {
        if (!process.isAlive()) {
          throw new IOException("the service has stopped; its log is in target/bench");
        }
      }
      Thread.sleep(10);
    }
    throw new IOException("the service is not ready; its log is in target/bench");
  }

  /** Asks it to stop, as a platform would. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
