package io.fastyoke.integrations.eventloops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks the running service's event loop on purpose: the tests' own watch is worth something. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class BlockedEventLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Vertx vertx;

  @Test
  @Tag(NoBlockedThreads.ON_PURPOSE)
  void isReportedWithItsStackAndFailsTheTest() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    BlockedThreads threads = BlockedThreads.listen();
    vertx.runOnContext(there -> blockUntil(goOn));
    BlockedReport report;
    try {
      report = threads.await(PATIENCE);
    } finally {
      goOn.countDown();
    }
    assertThat(report.isCertain()).isTrue();
    assertThat(report.text()).contains("BlockedEventLoopTest.blockUntil");
    assertThatThrownBy(() -> NoBlockedThreads.refuse(List.of(report)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("BlockedEventLoopTest.blockUntil");
  }

  private static void blockUntil(CountDownLatch goOn) {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
