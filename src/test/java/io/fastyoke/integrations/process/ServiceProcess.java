package io.fastyoke.integrations.process;

import static io.fastyoke.integrations.support.Eventually.pause;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fastyoke.integrations.eventloops.BlockedReport;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One replica: the packaged service in a process of its own, listening on a port that the system
 * chose unless {@code PORT} is given. Its output goes to {@code target/processes}.
 *
 * <p>Whatever a test leaves running is killed with the test's own process.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Path FOLDER = Path.of("target/processes").toAbsolutePath();
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TMPDIR");
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:\\s]+:(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final Path output;
  private int forgiven;

  ServiceProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** What every replica needs: a database, a key and a way to verify tokens. May be added to. */
  public static Map<String, String> env(EmbeddedPostgres postgres) {
    Map<String, String> env = new HashMap<>();
    env.put(
        "DATABASE_URL",
        "postgres://postgres@localhost:" + postgres.getPort() + "/postgres?sslmode=disable");
    env.put("ENCRYPTION_KEY", ServiceClient.ENCRYPTION_KEY);
    env.put("JWT_SECRET", ServiceClient.JWT_SECRET);
    return env;
  }

  /**
   * Starts a replica and waits until it is ready. Nothing of the caller's environment but {@code
   * PATH}, {@code HOME}, {@code LANG} and {@code TMPDIR} reaches it.
   *
   * @throws AssertionError with the log, when it ends or does not become ready
   */
  public static ServiceProcess start(Map<String, String> env) {
    return launch(env).awaitReady();
  }

  /**
   * Starts a replica, or runs a command, and waits for nothing. Skips the test when the service is
   * not packaged.
   */
  public static ServiceProcess launch(Map<String, String> env, String... arguments) {
    return launch(env, ServicePackage.command(), arguments);
  }

  /** Starts a replica of another build, and waits for nothing. */
  public static ServiceProcess launch(Map<String, String> env, Path jar, String... arguments) {
    return launch(env, ServicePackage.command(jar), arguments);
  }

  /** Starts a replica behind a command that ends by starting what follows it. */
  static ServiceProcess launchWithin(
      List<String> prefix, Map<String, String> env, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(ServicePackage.command());
    return launch(env, command, arguments);
  }

  private static ServiceProcess launch(
      Map<String, String> env, List<String> command, String... arguments) {
    try {
      Files.createDirectories(FOLDER);
      String name = "service-%d-%d".formatted(ProcessHandle.current().pid(), COUNT.addAndGet(1));
      Path output = FOLDER.resolve(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(new ArrayList<>(command))
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.command().addAll(List.of(arguments));
      builder.environment().keySet().retainAll(INHERITED);
      builder.environment().put("PORT", "0");
      // No proxy has to notice that it stops.
      builder.environment().put("SHUTDOWN_DELAY_SECONDS", "0");
      builder.environment().putAll(env);
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new ServiceProcess(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until {@code /q/health/ready} says yes. */
  public ServiceProcess awaitReady() {
    await("ready", () -> answersOk("/q/health/ready"));
    return this;
  }

  /** Waits until it answers at all, ready or not. */
  public ServiceProcess awaitLive() {
    await("alive", () -> answersOk("/q/health/live"));
    return this;
  }

  /** Where it listens; waits until it does. */
  public URI baseUri() {
    await("listening", () -> port() > 0);
    return URI.create("http://127.0.0.1:" + port());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -9}; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** {@code SIGSTOP}: it holds what it has, and does nothing. */
  public void stopSignal() {
    signal("STOP");
  }

  /** {@code SIGCONT}: it goes on, unaware of the time that has passed. */
  public void continueSignal() {
    signal("CONT");
  }

  /** {@code SIGTERM}; does not wait. */
  public void askToStop() {
    signal("TERM");
  }

  /** {@code SIGTERM}; returns the exit code when the process is gone. */
  public int terminate() {
    signal("TERM");
    return exitCode();
  }

  /** Waits until the process has ended by itself. */
  public int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the service does not end; its log:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Everything it has written so far. */
  public String log() {
    try {
      return new String(Files.readAllBytes(output), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of {@link #log()}. */
  public List<String> logLines() {
    return log().lines().toList();
  }

  /** What its blocked-thread checker has said, but for what is forgiven. */
  public List<BlockedReport> blocked() {
    List<BlockedReport> all = BlockedReport.in(logLines());
    return all.subList(forgiven, all.size());
  }

  /** A process that was stopped says that its threads were blocked; that is not its fault. */
  public void forgiveBlocked() {
    forgiven = BlockedReport.in(logLines()).size();
  }

  /**
   * Kills it, if it still runs.
   *
   * @throws AssertionError when it has blocked an event loop
   */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    List<BlockedReport> blocked = blocked().stream().filter(BlockedReport::isCertain).toList();
    if (!blocked.isEmpty()) {
      throw new AssertionError("an event loop was blocked, see " + output + ":\n" + blocked);
    }
  }

  private int port() {
    Matcher matcher = LISTENING.matcher(log());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private boolean answersOk(String path) {
    if (port() == 0) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(baseUri().resolve(path)).timeout(Duration.ofSeconds(10)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("the service is not " + what + "; its log:\n" + log());
      }
      pause(Duration.ofMillis(50));
    }
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + name + " failed: " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
