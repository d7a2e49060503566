package io.fastyoke.integrations.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The packaged service as a process, and what is needed to talk to it. */
final class Service implements AutoCloseable {
  /** The image's, with a limit of 320 MiB. */
  static final String JAVA_OPTS =
      System.getenv()
          .getOrDefault(
              "BENCH_JAVA_OPTS",
              "-XX:+UseParallelGC -XX:ParallelGCThreads=2 -XX:-UseAdaptiveSizePolicy -Xmx84m"
                  + " -XX:NewRatio=1 -XX:SurvivorRatio=4 -XX:+UseTransparentHugePages -Xss512k"
                  + " -XX:+IgnoreUnrecognizedVMOptions -XX:TrimNativeHeapInterval=2000"
                  + " -XX:ReservedCodeCacheSize=64m");

  /** Of this run, and of all the services that it starts. */
  private static final String JWT_SECRET = random();

  private static final String ENCRYPTION_KEY = random();
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final int port;
  private final long startedAt = System.nanoTime();
  private final HttpClient http = HttpClient.newHttpClient();

  private Service(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the service; it may not be ready yet.
   *
   * @param recording where to put a flight recording when it stops, or null
   */
  static Service start(Postgres postgres, Path log, Path recording) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(List.of(JAVA_OPTS.split("\\s+")));
    if (recording != null) {
      command.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
    }
    command.add("-XX:SharedArchiveFile=target/quarkus-app/app.jsa");
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "MALLOC_ARENA_MAX",
                "1",
                "PORT",
                String.valueOf(port),
                "DATABASE_URL",
                postgres.url(),
                "ENCRYPTION_KEY",
                ENCRYPTION_KEY,
                "JWT_SECRET",
                JWT_SECRET,
                "EGRESS_ALLOW_CIDRS",
                "127.0.0.0/8",
                "EGRESS_ALLOW_HTTP",
                "true"));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Service(builder.start(), port);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static int freePort() throws IOException {
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
