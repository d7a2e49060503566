package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The native executable in the memory of a small machine: a control group that kills what takes
 * more. Prints what it took at most. {@code -Dmemory.seconds} is the length of each load (10).
 */
class MemoryIT {
  private static final int SECONDS = Integer.getInteger("memory.seconds", 10);
  private static final int MB = 1 << 20;

  /**
   * The connection ended before an answer: whoever is refused and goes on sending for more than 2 s
   * is cut off (LingeringClose), and may have sent the next request by then.
   */
  private static final int CLOSED = 0;

  private static final int FEW = 10;

  private static EmbeddedPostgres postgres;
  private static HttpServer receiver;
  private static ExecutorService threads;
  private static CountDownLatch slow;

  private final ServiceClient client = ServiceClient.tenant("memory");

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(ServicePackage.isNative(), "only the native executable is for small machines");
    assumeTrue(MemoryLimit.isAvailable(), MemoryLimit.UNAVAILABLE);
    postgres = EmbeddedPostgres.start();
    slow = new CountDownLatch(1);
    threads = Executors.newCachedThreadPool();
    receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 512);
    receiver.setExecutor(threads);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          if (exchange.getRequestURI().getPath().equals("/slow")) {
            hold();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (postgres != null) {
      slow.countDown();
      receiver.stop(0);
      threads.shutdownNow();
      postgres.close();
    }
  }

  /** Until the load is over, or for as long as a receiver may take. */
  private static void hold() {
    try {
      slow.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // A machine keeps about 32 MB for its kernel (docs/operations.md has the other two).
    "224, 128, 256, 10, /fast",
    "224, 128, 256, 10, /slow",
    "224, 128, 64, 1000000, /fast",
    "480, 256, 256, 10, /fast",
    "480, 256, 64, 1000000, /fast",
    "480, 256, 256, 10, /slow"
  })
  void nothingIsKilledAndWhatDoesNotFitIsRefused(
      int megabytes, int concurrency, int callers, int bytes, String path) throws Exception {
    Map<String, String> env = ServiceProcess.env(postgres);
    env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    env.put("EGRESS_ALLOW_HTTP", "true");
    env.put("WORKER_CONCURRENCY", Integer.toString(concurrency));
    try (MemoryLimit limit = MemoryLimit.of((long) megabytes * MB);
        ServiceProcess service =
            ServiceProcess.launchWithin(limit.joining(), env, "-XX:MaximumHeapSizePercent=45")) {
      service.awaitReady();
      String idle = usage(service);
      Map<Integer, Integer> answers = load(service.baseUri(), callers, bytes, path);
      String most = usage(service);
      System.out.printf(
          "%d MB, %d callers, %d bytes, %s: idle %s; then %s; answers %s%n",
          megabytes, callers, bytes, path, idle, most, answers);
      assertThat(service.isAlive()).isTrue();
      assertThat(answers.keySet()).isSubsetOf(202, 429, 503, CLOSED);
      assertThat(answers.getOrDefault(CLOSED, 0)).isLessThan(FEW);
      assertThat(answers).containsKey(202);
      assertThat(service.terminate()).isZero();
    }
  }

  /** How often each status came; every caller asks again when it is answered. */
  private Map<Integer, Integer> load(URI at, int callers, int bytes, String path) throws Exception {
    String connection = connect(at);
    Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      all.add(
          threads.submit(
              () -> {
                while (System.nanoTime() < end) {
                  answers.merge(status(at, connection, bytes, path), 1, Integer::sum);
                }
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    return answers;
  }

  private String connect(URI at) {
    return client.connect(
        at, "receiver " + System.nanoTime(), "http://127.0.0.1:" + receiver.getAddress().getPort());
  }

  private int status(URI at, String connection, int bytes, String path) {
    try {
      return fire(at, connection, bytes, path).status();
    } catch (UncheckedIOException ended) {
      return CLOSED;
    }
  }

  private Answer fire(URI at, String connection, int bytes, String path) {
    Map<String, Object> template =
        Map.of("connection_id", connection, "path", path, "body", Map.of("a", "x".repeat(bytes)));
    Map<String, Object> action = Map.of("action_type", "WEBHOOK", "payload_template", template);
    return client.send(
        at, "POST", "/api/v1/tenant/action-runs", Map.of("actions", List.of(action)), "wait=0");
  }

  /** The most that was resident, and what of it now is memory of its own and pages of the file. */
  private static String usage(ServiceProcess service) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
        .filter(line -> line.matches("(VmHWM|RssAnon|RssFile):.*"))
        .map(line -> line.replaceAll("\\s+", " "))
        .toList()
        .toString();
  }
}
