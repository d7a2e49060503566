package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.faults.Plan.Script;
import io.fastyoke.integrations.faults.Plan.Step;
import io.fastyoke.integrations.faults.Plan.Target;
import io.fastyoke.integrations.process.ServicePackage;
import io.fastyoke.integrations.support.HttpStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The database's disk is full. PostgreSQL goes down and stays down until somebody has made room and
 * started it again; the service waits for that, takes nothing that it cannot keep, and goes on.
 */
class DiskFullIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PROMISED_RECOVERY = Duration.ofSeconds(10);
  private static final Duration PROMISED_REFUSAL = Duration.ofMillis(2_500);
  private static final int FIRST = 100;
  private static final int REFUSED = 2_000;
  private static final int AT_ONCE = 50;
  private static final long FLAT_KB = 32 * 1024;
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final History history = new History();

  @Test
  void nothingIsPromisedThatCannotBeKeptAndTheRestIsDoneLater() throws Exception {
    SmallDisk disk = new SmallDisk();
    try (World world = new World(1, disk)) {
      Replica replica = world.replica(0);
      Instant from;
      try (Driver driver =
          new Driver(history, world.tenants(), any -> world.uri(0), 7, "disk").start()) {
        eventually("runs are accepted", PATIENCE, () -> history.accepted().size() >= FIRST);
        from = Instant.now();
        disk.fillUntilTheServerIsDown();
        assertThat(disk.log()).contains("PANIC").contains("No space left on device");
        refuses(world, replica);
        disk.free();
        disk.start();
        Instant back = Instant.now();
        eventually(
            "it is ready", PROMISED_RECOVERY, () -> status(replica, "/q/health/ready") == 200);
        int before = history.accepted().size();
        eventually("it accepts", PROMISED_RECOVERY, () -> history.accepted().size() > before);
        say("accepts %d ms after", Duration.between(back, Instant.now()).toMillis());
      }
      eventually("the backlog is worked off", PATIENCE, () -> Records.unfinished(disk) == 0);
      history.fault("disk full", from);
      Checker.Findings findings =
          new Checker(history, world.receiver(), Records.read(disk)).check();
      say("accepted %d, lost %d", findings.accepted(), findings.lost());
      assertThat(findings.violations()).isEmpty();
    }
  }

  private void refuses(World world, Replica replica) throws Exception {
    assertThat(status(replica, "/q/health/live")).isEqualTo(200);
    eventually(
        "it is not ready", PROMISED_RECOVERY, () -> status(replica, "/q/health/ready") == 503);
    int accepted = history.accepted().size();
    long before = liveHeap(replica);
    Duration slowest = Duration.ZERO;
    for (int i = 0; i < REFUSED; i += AT_ONCE) {
      Instant asked = Instant.now();
      for (CompletableFuture<Integer> answer : ask(world, AT_ONCE)) {
        assertThat(answer.get()).isEqualTo(503);
      }
      Duration took = Duration.between(asked, Instant.now());
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }
    long after = liveHeap(replica);
    say("slowest of %d refusals %d ms", REFUSED, slowest.toMillis());
    say("live heap %d KB, then %d KB", before, after);
    assertThat(slowest).isLessThan(PROMISED_REFUSAL);
    assertThat(after - before).as("KB more in memory").isLessThan(FLAT_KB);
    assertThat(history.accepted()).hasSize(accepted);
    assertThat(status(replica, "/q/health/live")).isEqualTo(200);
  }

  private List<CompletableFuture<Integer>> ask(World world, int times) throws IOException {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Plan plan =
          new Plan(
              world.tenants().get(i % world.tenants().size()),
              "k-refused-" + answers.size() + "-" + System.nanoTime(),
              null,
              List.of(new Step(Target.REST, Script.OK, false)));
      history.asked(plan);
      answers.add(
          http.sendAsync(
                  Driver.request(plan, world.uri(0)).build(),
                  HttpResponse.BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
    }
    return answers;
  }

  /**
   * What is reachable, and not what waits for the collector, in KB. Always 0 natively: only jcmd
   * has it counted.
   */
  private static long liveHeap(Replica replica) throws Exception {
    if (ServicePackage.isNative()) {
      return 0;
    }
    jcmd(replica, "GC.run");
    Matcher used = USED.matcher(jcmd(replica, "GC.heap_info"));
    assertThat(used.find()).isTrue();
    return Long.parseLong(used.group(1));
  }

  private static String jcmd(Replica replica, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/jcmd",
                Long.toString(replica.process().pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes());
    assertThat(jcmd.waitFor()).as(said).isZero();
    return said;
  }

  private int status(Replica replica, String path) {
    return HttpStatus.of(
        http,
        HttpRequest.newBuilder(replica.uri().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .build());
  }

  private static void say(String line, Object... values) {
    System.out.println("[disk] " + line.formatted(values));
  }
}
