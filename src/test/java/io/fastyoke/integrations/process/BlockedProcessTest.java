package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose log says that it has blocked an event loop does not pass for a good one. */
class BlockedProcessTest {
  private static final String REPORT =
      """
      2026-11-25 22:16:30,123 WARN  [io.ver.cor.imp.BlockedThreadChecker] (vertx-blocked-thread-checker) \
      Thread Thread[vert.x-eventloop-thread-1,5,main] has been blocked for 2345 ms, time limit is 2000 ms: \
      io.vertx.core.VertxException: Thread blocked
      \tat java.base@17.0.19/jdk.internal.misc.Unsafe.park(Native Method)
      \tat app//io.fastyoke.integrations.Guilty.blocks(Guilty.java:7)

      2026-11-25 22:16:31,123 INFO  [io.fas.int.Main] (main) goes on
      """;

  @TempDir Path folder;

  private ServiceProcess process;

  /** Something that runs until it is killed. */
  @BeforeEach
  void start() throws IOException {
    Path log = folder.resolve("log");
    Files.writeString(log, "started\n");
    process = new ServiceProcess(new ProcessBuilder("sleep", "60").start(), log);
  }

  private void says(String more) throws IOException {
    Files.writeString(folder.resolve("log"), "started\n" + more);
  }

  @Test
  void aReportInItsLogFailsItsEnd() throws IOException {
    says(REPORT);
    assertThatThrownBy(process::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Guilty.blocks");
  }

  @Test
  void withoutOneItEndsWell() {
    assertThatCode(process::close).doesNotThrowAnyException();
  }

  @Test
  void whatIsForgivenIsAndWhatComesLaterIsNot() throws IOException {
    says(REPORT);
    process.forgiveBlocked();
    assertThatCode(process::close).doesNotThrowAnyException();
    says(REPORT + REPORT);
    assertThatThrownBy(process::close).isInstanceOf(AssertionError.class);
  }
}
