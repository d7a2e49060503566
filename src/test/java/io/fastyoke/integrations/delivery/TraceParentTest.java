package io.fastyoke.integrations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @ParameterizedTest
  @CsvSource({"00, 01, '', 01", "00, 00, '', 00", "00, ff, '', 01", "cc, 03, -what, 01"})
  void isKeptInTheFormThatEverybodyReads(String version, String flags, String more, String kept) {
    assertThat(TraceParent.read(version + "-" + TRACE + "-" + SPAN + "-" + flags + more))
        .isEqualTo("00-" + TRACE + "-" + SPAN + "-" + kept);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf9",
      })
  void whatIsNoneIsNotSent(String header) {
    assertThat(TraceParent.read(header)).isNull();
    assertThat(TraceParent.child(TraceParent.read(header))).isNull();
  }

  @Test
  void anAttemptHasASpanOfItsOwn() {
    String parent = "00-" + TRACE + "-" + SPAN + "-01";
    String first = TraceParent.child(parent);
    String second = TraceParent.child(parent);
    assertThat(first).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
    assertThat(second).isNotEqualTo(first);
    assertThat(first).doesNotContain(SPAN);
  }
}
