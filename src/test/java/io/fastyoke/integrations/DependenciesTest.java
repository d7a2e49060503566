package io.fastyoke.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the service is made of. */
class DependenciesTest {
  /** Below it are known holes in HTTP framing, decompression and the proxy handler. */
  private static final int[] NETTY_FLOOR = {4, 1, 135};

  @Test
  void everyPartOfNettyIsFixed() {
    Map<String, Version> parts = Version.identify();
    assertThat(parts).containsKeys("netty-codec-http", "netty-handler", "netty-handler-proxy");
    assertThat(parts.values())
        .allSatisfy(
            part -> assertThat(isAtLeastTheFloor(part.artifactVersion())).as("%s", part).isTrue());
  }

  private static boolean isAtLeastTheFloor(String version) {
    String[] numbers = version.split("\\.");
    for (int i = 0; i < NETTY_FLOOR.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      if (number != NETTY_FLOOR[i]) {
        return number > NETTY_FLOOR[i];
      }
    }
    return true;
  }
}
