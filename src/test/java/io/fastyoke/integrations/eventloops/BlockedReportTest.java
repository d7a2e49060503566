package io.fastyoke.integrations.eventloops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockedReportTest {
  private static final String SAID =
      "WARN  [io.ver.cor.imp.BlockedThreadChecker] (vertx-blocked-thread-checker) Thread"
          + " Thread[vert.x-eventloop-thread-1,5,main] has been blocked for %d ms, time limit is"
          + " 2000 ms: io.vertx.core.VertxException: Thread blocked";

  @ParameterizedTest
  @CsvSource({
    "2001, java.base@17/jdk.internal.misc.Unsafe.park(Native Method), true",
    "2001, java.base@17/java.lang.Object.wait(Native Method), true",
    "2001, java.base@21/java.lang.Object.wait0(Native Method), true",
    "2001, java.base@17/java.lang.Thread.sleep(Native Method), true",
    "2001, java.base@21/java.lang.Thread.sleep0(Native Method), true",
    "2001, java.base@25/java.lang.Thread.sleepNanos0(Native Method), true",
    "4999, app//io.fastyoke.integrations.templating.Json.read(Json.java:1), false",
    "5000, app//io.fastyoke.integrations.templating.Json.read(Json.java:1), true"
  })
  void whoWaitsIsBlockedAndWhoComputesAfterAWhile(long ms, String top, boolean certain) {
    BlockedReport report = BlockedReport.of(SAID.formatted(ms), List.of("\tat " + top));
    assertThat(report.isCertain()).isEqualTo(certain);
  }

  @Test
  void aLogIsReadWithItsStacks() {
    List<String> log =
        List.of(
            "INFO  started",
            SAID.formatted(2345),
            "\tat java.base@17/java.lang.Thread.sleep(Native Method)",
            "\tat app//io.fastyoke.integrations.Guilty.blocks(Guilty.java:7)",
            "INFO  goes on",
            "\tat nothing of it");
    assertThat(BlockedReport.in(log))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.ms()).isEqualTo(2345);
              assertThat(report.isCertain()).isTrue();
              assertThat(report.text())
                  .contains("Guilty.blocks")
                  .doesNotContain("goes on")
                  .doesNotContain("nothing of it");
            });
  }

  @Test
  void aLogWithoutReportsHasNone() {
    assertThat(BlockedReport.in(List.of("INFO  started", "\tat somewhere"))).isEmpty();
  }
}
