package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.LoadedTls;
import io.fastyoke.integrations.egress.tls.TlsMaterial;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnTlsClientsTest {
  private static final int MAX = 2;
  private final Vertx vertx = Vertx.vertx();
  private final PinnedHttpClient plain =
      new PinnedHttpClient((VertxInternal) vertx, null, false, EgressFixture.TUNING);
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger copied = new AtomicInteger();
  private final OwnTlsClients clients =
      new OwnTlsClients(plain::with, source -> new LoadedTls(source, null), MAX, now::get);

  @AfterEach
  void close() {
    clients.close();
    plain.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private ClientTls tls(String owner, String version) {
    return tls(owner, version, true);
  }

  private ClientTls tls(String owner, String version, boolean kept) {
    return new ClientTls(
        owner,
        version,
        kept,
        () -> {
          copied.incrementAndGet();
          return () -> new TlsMaterial(List.of(), null, List.of());
        });
  }

  private PinnedHttpClient used(ClientTls tls) {
    try (OwnTlsClients.Lease lease = clients.lease(tls)) {
      return lease.client();
    }
  }

  @Test
  void oneForEachVersionWhichIsCopiedOnce() {
    PinnedHttpClient first = used(tls("a", "a/1"));
    assertThat(used(tls("a", "a/1"))).isSameAs(first);
    assertThat(used(tls("a", "a/2"))).isNotSameAs(first);
    assertThat(copied).hasValue(2);
  }

  @Test
  void whatAnOwnerHasChangedIsForgottenAlsoInUse() {
    OwnTlsClients.Lease inUse = clients.lease(tls("a", "a/1"));
    used(tls("b", "b/1"));
    clients.forget("a");
    assertThat(clients.size()).isEqualTo(1);
    assertThat(used(tls("a", "a/1"))).isNotSameAs(inUse.client());
    inUse.close();
    assertThat(clients.size()).isEqualTo(2);
  }

  @Test
  void whatIsIdleIsClosedAndWhatIsInUseIsNot() {
    OwnTlsClients.Lease inUse = clients.lease(tls("a", "a/1"));
    used(tls("b", "b/1"));
    now.addAndGet(OwnTlsClients.MAX_IDLE.toNanos() - 1);
    clients.sweep();
    assertThat(clients.size()).isEqualTo(2);
    now.incrementAndGet();
    clients.sweep();
    assertThat(clients.size()).isEqualTo(1);
    assertThat(used(tls("a", "a/1"))).isSameAs(inUse.client());
    inUse.close();
  }

  @Test
  void theLongestIdleMakesRoomAndWithoutRoomNothingIsKept() {
    used(tls("a", "a/1"));
    now.incrementAndGet();
    PinnedHttpClient second = used(tls("b", "b/1"));
    used(tls("c", "c/1"));
    assertThat(used(tls("b", "b/1"))).as("used later than a").isSameAs(second);
    OwnTlsClients.Lease one = clients.lease(tls("b", "b/1"));
    OwnTlsClients.Lease other = clients.lease(tls("c", "c/1"));
    PinnedHttpClient surplus = used(tls("d", "d/1"));
    assertThat(used(tls("d", "d/1"))).isNotSameAs(surplus);
    assertThat(clients.size()).isEqualTo(MAX);
    one.close();
    other.close();
  }

  @Test
  void thatOfATestIsNotKept() {
    used(tls("test", "test/1", false));
    assertThat(clients.size()).isZero();
  }
}
