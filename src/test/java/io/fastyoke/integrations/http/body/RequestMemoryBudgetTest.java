package io.fastyoke.integrations.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Two bytes of heap per byte of JSON, and 80 per bracket. */
class RequestMemoryBudgetTest {
  private final RequestMemoryBudget budget = new RequestMemoryBudget(10, 100);

  @Test
  void buffersOfAllRequestsHaveOneLimit() {
    RequestMemoryBudget.Reservation first = budget.open();
    RequestMemoryBudget.Reservation second = budget.open();
    assertThat(first.reserveBuffer(6)).isTrue();
    assertThat(second.reserveBuffer(5)).isFalse();
    assertThat(second.reserveBuffer(4)).isTrue();
    first.releaseBuffer();
    first.releaseBuffer();
    assertThat(second.reserveBuffer(6)).isTrue();
    assertThat(second.reserveBuffer(1)).isFalse();
  }

  @Test
  void aRequestThatIsAloneMayExceedTheHeapLimit() {
    RequestMemoryBudget.Reservation first = budget.open();
    RequestMemoryBudget.Reservation second = budget.open();
    assertThat(first.reserveHeap(json("[[[["))).isTrue();
    assertThat(second.reserveHeap(json("1"))).isFalse();
    assertThat(first.reserveHeap(json("]]]]"))).isTrue();
    first.close();
    assertThat(second.reserveHeap(json("{}"))).isTrue();
    assertThat(budget.open().reserveHeap(json("123456789"))).isFalse();
    assertThat(budget.open().reserveHeap(json("12345678"))).isTrue();
  }

  @Test
  void parsingReleasesTheBufferAndTheAnswerEverything() {
    RequestMemoryBudget.Reservation request = budget.open();
    ReceivedBody body = new ReceivedBody(request, 10);
    ByteBuffer part = json("[12345678]");
    assertThat(request.reserveHeap(part)).isTrue();
    assertThat(body.add(part)).isTrue();
    assertThat(budget.open().reserveBuffer(1)).isFalse();
    body.discard();
    assertThat(budget.open().reserveBuffer(1)).isTrue();
    assertThat(budget.open().reserveHeap(json("1"))).isFalse();
    request.close();
    request.close();
    RequestMemoryBudget.Reservation next = budget.open();
    assertThat(next.reserveBuffer(9)).isTrue();
    assertThat(next.reserveHeap(json("[12345678]"))).isTrue();
    assertThat(budget.open().reserveHeap(json("1"))).isFalse();
  }

  private static ByteBuffer json(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
