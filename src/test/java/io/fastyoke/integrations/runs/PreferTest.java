package io.fastyoke.integrations.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=20 | 20
          Wait = "20" | 20
          respond-async; foo="a, wait=0; wait=1", WAIT=20;x=y | 20
          x="a\\", wait=0", wait=20 | 20
          x="wait=20, wait=20" | 0
          wait, wait=20 | 0
          wait=-1, wait=20 | 0
          wait=2.5 | 0
          wait=31 | 30
          wait=99999999999999 | 30
          wait="20 | 0
          """)
  void preferencesAreReadAsTheyAreMeant(String header, long seconds) {
    assertThat(Prefer.wait(List.of(header))).isEqualTo(Duration.ofSeconds(seconds));
  }
}
