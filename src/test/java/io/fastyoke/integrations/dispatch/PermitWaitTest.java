package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PermitWaitTest {
  private static final TenantId TENANT = new TenantId("t1");

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final PermitWait permitWait = new PermitWait(limiter, vertx, now::get);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private CompletableFuture<Boolean> enter() {
    return permitWait.enter(TENANT).subscribeAsCompletionStage();
  }

  @Test
  void whoFindsNoSlotHasTheOneThatIsLetGo() {
    assertThat(enter()).isCompletedWithValue(true);
    CompletableFuture<Boolean> next = enter();
    assertThat(next).isNotDone();
    limiter.release(TENANT);
    assertThat(next).isCompletedWithValue(true);
    assertThat(limiter.inFlight()).isEqualTo(1);
  }

  @Test
  void afterAWaitInVainNobodyElseWaitsForSomeTime() throws Exception {
    enter();
    assertThat(enter().get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(enter()).isCompletedWithValue(false);
    now.set(now.get().plus(PermitWait.PAUSE));
    CompletableFuture<Boolean> again = enter();
    assertThat(again).isNotDone();
    limiter.release(TENANT);
    assertThat(again).isCompletedWithValue(true);
  }
}
