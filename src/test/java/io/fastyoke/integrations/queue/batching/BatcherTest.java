package io.fastyoke.integrations.queue.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final String BAD = "bad";
  private static final String LATE = "late";

  private final Vertx vertx = Vertx.vertx();
  private final List<List<String>> written = new CopyOnWriteArrayList<>();
  private final CompletableFuture<List<String>> first = new CompletableFuture<>();
  private final Batcher<String, String> group =
      new Batcher<>(vertx, () -> 0, 1, 64, item -> null, this::write);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** The first group waits, so that what comes meanwhile is one group. */
  private Uni<List<String>> write(List<String> items) {
    if (!first.isDone()) {
      return Uni.createFrom().completionStage(first);
    }
    written.add(items);
    if (items.contains(LATE)) {
      return Uni.createFrom().failure(new PgException("deadlock", "ERROR", "40P01", null));
    }
    return items.contains(BAD)
        ? Uni.createFrom().failure(new PgException("refused", "ERROR", "22021", null))
        : Uni.createFrom().item(items.stream().map(item -> item + " written").toList());
  }

  private UniAssertSubscriber<String> submit(String item) {
    return group.submit(item).subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  @Test
  void anItemThatIsRefusedFailsAloneAndNothingElseOfItsGroup() {
    UniAssertSubscriber<String> opening = submit("opening");
    UniAssertSubscriber<String> before = submit("before");
    UniAssertSubscriber<String> bad = submit(BAD);
    UniAssertSubscriber<String> after = submit("after");
    first.complete(List.of("opening written"));
    opening.awaitItem().assertItem("opening written");
    before.awaitItem().assertItem("before written");
    bad.awaitFailure().assertFailedWith(PgException.class);
    after.awaitItem().assertItem("after written");
    assertThat(group.waiting()).isZero();
  }

  /** It is nobody's fault in particular, and was repeated often enough by then. */
  @Test
  void aConflictFailsTheWholeGroupAndIsNotRepeatedOneByOne() {
    UniAssertSubscriber<String> opening = submit("opening");
    UniAssertSubscriber<String> one = submit("one");
    UniAssertSubscriber<String> other = submit(LATE);
    first.complete(List.of("opening written"));
    opening.awaitItem();
    one.awaitFailure().assertFailedWith(PgException.class);
    other.awaitFailure().assertFailedWith(PgException.class);
    assertThat(written)
        .contains(List.of("one", LATE))
        .doesNotContain(List.of("one"), List.of(LATE));
  }

  /**
   * All at one moment, and on one event loop, whose timers wait until it has nothing else to do.
   */
  @Test
  void whatComesRightBehindAGroupWaitsForWhatComesNext() {
    UniAssertSubscriber<String> opening = submit("opening");
    UniAssertSubscriber<String> before = submit("before");
    UniAssertSubscriber<String> too = submit("too");
    CompletableFuture<List<UniAssertSubscriber<String>>> behind = new CompletableFuture<>();
    first.complete(List.of("opening written"));
    opening.awaitItem();
    before.awaitItem();
    too.awaitItem();
    vertx.runOnContext(here -> behind.complete(List.of(submit("one"), submit("other"))));
    behind.join().forEach(UniAssertSubscriber::awaitItem);
    assertThat(written).endsWith(List.of("before", "too"), List.of("one", "other"));
  }
}
