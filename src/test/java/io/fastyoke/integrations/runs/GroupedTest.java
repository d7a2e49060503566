package io.fastyoke.integrations.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupedTest {
  private static final String BAD = "bad";

  private final List<UniEmitter<? super List<String>>> first = new ArrayList<>();
  private final Grouped<String, String> group = new Grouped<>(1, 64, item -> null, this::write);

  /** The first group waits, so that what comes meanwhile is one group. */
  private Uni<List<String>> write(List<String> items) {
    if (first.isEmpty()) {
      return Uni.createFrom().emitter(first::add);
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
    first.get(0).complete(List.of("opening written"));
    opening.assertCompleted();
    before.assertCompleted().assertItem("before written");
    bad.assertFailedWith(PgException.class);
    after.assertCompleted().assertItem("after written");
    assertThat(group.waiting()).isZero();
  }
}
