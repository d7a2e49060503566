package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.LaunchMode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevModeTest {

  @ParameterizedTest
  @CsvSource({
    "DEVELOPMENT,dev,true",
    "TEST,test,true",
    "TEST,prod,false",
    "TEST,staging,false",
    "DEVELOPMENT,'prod,dev',false",
    "NORMAL,prod,false",
    "NORMAL,dev,false",
    "NORMAL,test,false"
  })
  void onlyDevelopmentAndTestsAreLenient(LaunchMode mode, String profiles, boolean lenient) {
    assertThat(DevMode.allowed(mode, List.of(profiles.split(",")))).isEqualTo(lenient);
  }
}
