package io.fastyoke.integrations.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.faults.Checker.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Nothing accepted is lost, nothing is billed twice, no SMS is sent twice, whatever breaks.
 *
 * <p>docs/fault-suite.md is about it. {@code -Dfaults.seed=N} repeats a choice of runs and faults;
 * {@code -Dfaults.minutes=30} goes on that long; {@code -Dfaults.only=COMMIT} keeps to faults with
 * this in their names.
 */
class FaultsIT {
  private static final Duration UNTIL_AT_REST = Duration.ofSeconds(90);

  private final long seed = Long.getLong("faults.seed", System.nanoTime() & 0xFFFFFF);
  private final Duration atLeast = Duration.ofMinutes(Long.getLong("faults.minutes", 0));
  private final String only = System.getProperty("faults.only", "");
  private final Map<String, Integer> injected = new TreeMap<>();

  @Test
  void nothingIsLostAndNothingIsDoneTwice() {
    say("seed " + seed + " (-Dfaults.seed=" + seed + " repeats it)");
    History history = new History();
    try (World world = new World()) {
      long requests = rage(world, history);
      awaitRest(world, history);
      world.replicas().forEach(replica -> replica.complaints().forEach(history::violation));
      Findings findings =
          new Checker(history, world.receiver(), Records.read(world.postgres())).check();
      report(findings, requests);
      assertThat(findings.violations()).isEmpty();
      assertThat(findings.accepted()).isPositive();
    }
  }

  private long rage(World world, History history) {
    Random random = new Random(seed);
    Instant until = Instant.now().plus(atLeast);
    try (Driver driver =
            new Driver(history, world.tenants(), world::uri, seed, Long.toString(seed)).start();
        SqlDriver engine =
            new SqlDriver(history, world.tenants(), world.postgres(), seed).start()) {
      Storm storm = new Storm(world, history, driver, random);
      do {
        List<Map.Entry<String, Runnable>> faults = new ArrayList<>(storm.faults().entrySet());
        Collections.shuffle(faults, random);
        for (Map.Entry<String, Runnable> fault : faults) {
          if (fault.getKey().contains(only)) {
            Instant from = Instant.now();
            fault.getValue().run();
            injected.merge(fault.getKey(), 1, Integer::sum);
            say(
                "%s: %d ms"
                    .formatted(fault.getKey(), Duration.between(from, Instant.now()).toMillis()));
          }
        }
      } while (Instant.now().isBefore(until));
      driver.close();
      engine.close();
      say("fired in SQL and not committed: " + engine.abandoned());
      assertThat(engine.abandoned()).isPositive();
      say("slowest recovery: " + storm.slowestRecovery().toMillis() + " ms");
      return driver.requests();
    }
  }

  private static void awaitRest(World world, History history) {
    Instant deadline = Instant.now().plus(UNTIL_AT_REST);
    while (Records.unfinished(world.postgres()) > 0 && Instant.now().isBefore(deadline)) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    int unfinished = Records.unfinished(world.postgres());
    if (unfinished > 0) {
      history.violation(unfinished + " runs do not end");
    }
  }

  private void report(Findings findings, long requests) {
    say("faults injected: " + injected.values().stream().mapToInt(Integer::intValue).sum());
    injected.forEach((fault, times) -> say("  " + times + " x " + fault));
    say("requests: " + requests + ", runs accepted: " + findings.accepted());
    say("requests at receivers: " + findings.arrivals());
    say("runs lost: " + findings.lost());
    say("double bills: " + findings.doubleBills());
    say("double SMS and mail: " + findings.doubleMessages());
    say("duplicates to generic receivers, same delivery id: " + findings.duplicates());
    say("violations: " + findings.violations().size());
    findings.violations().stream().limit(40).forEach(FaultsIT::say);
  }

  private static void say(String line) {
    System.out.println("[faults] " + line);
  }
}
