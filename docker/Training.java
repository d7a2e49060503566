import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The training run of {@code docker/train}: starts the packaged service with a database of its own, does what an engine and the page
 * do, and stops it, upon which the JVM writes what it has learnt. Needs nothing but a JDK, or a JRE once it is compiled.
 */
final class Training {
  /** From here on the JVM keeps the profiles of methods too, so that fires are worth repeating. */
  private static final int PROFILING_JDK = 25;

  private static final int FIRES = 10_000;
  private static final int FIRES_WITHOUT_PROFILES = 200;
  private static final int CALLERS = 32;

  /** No more fires begin afterwards: a builder may be an emulated machine. */
  private static final long FIRING_NANOS = TimeUnit.SECONDS.toNanos(120);

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(180);
  private static final long END_SECONDS = 300;
  private static final Pattern LISTENING = Pattern.compile("Listening on: http:.*:(\\d+)");
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final Path work;
  private final String secret = random();
  private final HttpClient http = HttpClient.newHttpClient();
  private String api = "";
  private String token = "";

  private Training(Path work) {
    this.work = work;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path work = Files.createTempDirectory("training");
    try {
      boolean profiles = Runtime.version().feature() >= PROFILING_JDK;
      int usual = profiles ? FIRES : FIRES_WITHOUT_PROFILES;
      int fires = arguments.length > 1 ? Integer.parseInt(arguments[1]) : usual;
      Path written = new Training(work).run(folder, profiles, fires);
      System.out.printf("%s: %,d bytes%n", written, Files.size(written));
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private Path run(Path folder, boolean profiles, int fires) throws Exception {
    Path written = folder.resolve(profiles ? "app.aot" : "app.jsa");
    Files.deleteIfExists(written);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (profiles) {
      // The layout of objects has to be the same when the file is used.
      command.addAll(List.of("-XX:+UseCompactObjectHeaders", "-XX:AOTCacheOutput=" + written));
    } else {
      command.add("-XX:ArchiveClassesAtExit=" + written);
    }
    command.addAll(List.of("-jar", folder.resolve("quarkus-run.jar").toString()));
    Path log = work.resolve("log");
    HttpServer receiver = receiver();
    Process service = start(command, log);
    try {
      int port = awaitPort(service, log);
      api = "http://127.0.0.1:" + port + "/api/v1/tenant";
      token = token();
      exercise(receiver.getAddress().getPort(), fires);
      service.destroy();
      if (!service.waitFor(END_SECONDS, TimeUnit.SECONDS) || !Files.exists(written)) {
        throw new IllegalStateException("the JVM has written nothing");
      }
      return written;
    } catch (Exception e) {
      System.err.print(Files.readString(log));
      throw e;
    } finally {
      service.destroyForcibly();
      receiver.stop(0);
    }
  }

  private Process start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("DATABASE_URL");
    builder.environment().put("EMBEDDED_DATA_DIR", work.resolve("data").toString());
    builder.environment().put("PORT", "0");
    // Good for nothing but this run.
    builder.environment().put("ENCRYPTION_KEY", random());
    builder.environment().put("JWT_SECRET", secret);
    builder.environment().put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    builder.environment().put("EGRESS_ALLOW_HTTP", "true");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static int awaitPort(Process service, Path log) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (service.isAlive() && System.nanoTime() - begun < START_NANOS) {
      Matcher listening = LISTENING.matcher(Files.readString(log));
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("the service has not started");
  }

  /** Takes every delivery; one in 64 only at the second attempt, or never. */
  private static HttpServer receiver() throws IOException {
    AtomicInteger received = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          int status = exchange.getRequestURI().getPath().contains("refused") ? 400 : received.incrementAndGet() % 64 == 0 ? 503 : 200;
          byte[] answer = "{\"received\":true}".getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.setExecutor(Executors.newFixedThreadPool(4, Training::daemon));
    server.start();
    return server;
  }

  private void exercise(int receiver, int fires) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS, Training::daemon);
    List<String> connections = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      connections.add(connect(receiver, i));
    }
    AtomicInteger next = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    long begun = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      running.add(
          callers.submit(
              () -> {
                int number = next.getAndIncrement();
                while (number < fires && System.nanoTime() - begun < FIRING_NANOS) {
                  try {
                    fire(number, connections.get(number % connections.size()));
                    if (number % 50 == 0) {
                      look(connections.get(0));
                    }
                  } catch (IOException closed) {
                    // A connection may be closed under a request; a service that has died is not waited for.
                    if (lost.incrementAndGet() > fires / 20) {
                      throw closed;
                    }
                  }
                  number = next.getAndIncrement();
                }
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    callers.shutdown();
    System.out.printf("%,d runs fired in %,d ms%n", Math.min(fires, next.get()), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  private String connect(int receiver, int number) throws IOException, InterruptedException {
    String credentials =
        """
        {"provider":"generic_rest","connection_name":"training %d","credentials":{"base_url":"http://127.0.0.1:%d/%s",\
        "auth_header":"Bearer a-token","signing_secret":"whsec_%s"}}\
        """
            .formatted(
                number,
                receiver,
                number == 7 ? "refused" : "taken",
                Base64.getEncoder().encodeToString(random().getBytes(StandardCharsets.US_ASCII)));
    String made = send("POST", "/connections", credentials, 201);
    Matcher id = ID.matcher(made);
    if (!id.find()) {
      throw new IllegalStateException("a connection without an id: " + made);
    }
    return id.group(1);
  }

  private void fire(int number, String connection) throws IOException, InterruptedException {
    String body =
        """
        {"job":{"id":"job-%d","current_state":"started","customer":{"name":"Ada Lovelace","phone":"+15550100"}},\
        "transition":{"event_type":"start","from_state":"ready","to_state":"started"},"context":{"number":%d},\
        "actions":[{"action_type":"WEBHOOK","payload_template":{"connection_id":"%s","path":"/hooks/job-started",\
        "body":{"job_id":"{{job.id}}","tenant_id":"{{tenant.id}}","state":"{{job.current_state}}",\
        "text":"{{job.customer.name}} is waiting","number":"{{context.number}}"}}}]}\
        """
            .formatted(number, number, connection);
    boolean waits = number % 4 == 0;
    HttpRequest.Builder request =
        request("/action-runs").header("Idempotency-Key", "training-" + number).POST(HttpRequest.BodyPublishers.ofString(body));
    if (waits) {
      request.header("Prefer", "wait=10");
    }
    int status = http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    if (status != 200 && status != 202 && status != 503) {
      throw new IllegalStateException("a run is answered with " + status);
    }
  }

  /** What the page asks for, and what a platform does. */
  private void look(String connection) throws IOException, InterruptedException {
    for (String path :
        List.of("/connections", "/connections/" + connection, "/action-runs", "/event-log?job_id=job-0", "/event-log", "/usage", "/stats/connections")) {
      http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }
    for (String path : List.of("/q/health/ready", "/q/metrics", "/admin/integrations")) {
      http.send(HttpRequest.newBuilder(URI.create(api).resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private String send(String method, String path, String body, int expected) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != expected) {
      throw new IllegalStateException(method + " " + path + " is answered with " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(api + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private String token() throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"sub":"training","email":"training@example.com","tenant_id":"training","role":"admin","iat":%d,"exp":%d}\
        """
            .formatted(now, now + 3_600);
    String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII)) + '.' + base64(claims.getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
    return signed + '.' + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }
}
