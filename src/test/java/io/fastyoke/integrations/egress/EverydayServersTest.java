package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loses nothing to servers that people run, with their own idea of how long a connection may lie
 * idle, 100 ms away. By default a few dozen deliveries to Node, around the times that its defaults
 * and ours have; the long form is {@code -Dkeepalive.servers=node,gunicorn,nginx,apache
 * -Dkeepalive.deliveries=2000}, with pauses from 0.5 to 8 s.
 */
class EverydayServersTest {
  private static final int DELIVERIES = Integer.getInteger("keepalive.deliveries", 80);
  private static final int EACH = DELIVERIES > 1_000 ? 10 : 2;

  static Stream<String> servers() {
    return Arrays.stream(System.getProperty("keepalive.servers", "node").split(","));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void losesNothing(String name, @TempDir Path directory) throws Exception {
    assumeTrue(EverydayServer.isInstalled(name), name + " is not installed");
    try (EgressFixture fixture = EgressFixture.allowing("127.0.0.0/8", 4_096);
        EverydayServer server = EverydayServer.start(name, directory);
        DelayRelay relay = new DelayRelay(server.port(), 50)) {
      List<CompletableFuture<List<Exchange>>> chains =
          IntStream.range(0, DELIVERIES / EACH).mapToObj(i -> chain(fixture, relay, i)).toList();
      Map<String, Integer> ends = new TreeMap<>();
      chains.stream()
          .flatMap(chain -> chain.join().stream())
          .forEach(end -> ends.merge(word(end), 1, Integer::sum));
      System.out.println(name + ", " + EACH + " deliveries a connection: " + ends);
      assertThat(ends.keySet())
          .as(ends.toString())
          .allMatch(word -> word.startsWith("Answered 20"));
      assertThat(ends.values().stream().mapToInt(count -> count).sum())
          .isEqualTo(DELIVERIES / EACH * EACH);
    }
  }

  private static String word(Exchange end) {
    return end instanceof Answered answered ? "Answered " + answered.status() : end.toString();
  }

  /** Deliveries of one tenant, one after the other, to a receiver that knows no repetitions. */
  private static CompletableFuture<List<Exchange>> chain(
      EgressFixture fixture, DelayRelay relay, int number) {
    OutboundRequest request =
        EgressFixture.as(
            Origin.TENANT,
            "t" + number,
            EgressFixture.post("http://127.0.0.1:" + relay.port() + "/x", "{}"));
    Random random = new Random(number);
    List<Exchange> ends = new ArrayList<>();
    CompletableFuture<?> chain = CompletableFuture.completedFuture(null);
    for (int i = 0; i < EACH; i++) {
      long pause = i == 0 ? random.nextInt(500) : pause(random);
      chain =
          chain
              .thenComposeAsync(before -> send(fixture, request), after(pause))
              .thenAccept(ends::add);
    }
    return chain.thenApply(over -> ends);
  }

  private static CompletableFuture<Exchange> send(EgressFixture fixture, OutboundRequest request) {
    return fixture.egress.send(request, () -> true).subscribeAsCompletionStage();
  }

  /** The time begins when there is something to do. */
  private static Executor after(long millis) {
    return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
  }

  private static long pause(Random random) {
    if (EACH > 2) {
      return 500 + random.nextInt(7_500);
    }
    return (random.nextBoolean() ? 1_700 : 4_700) + random.nextInt(400);
  }
}
