package io.fastyoke.integrations.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import java.util.List;

/**
 * Whether the public development secrets are accepted: only in Quarkus's dev and test modes. The
 * profile alone is not enough, since the packaged service can be started with any profile.
 */
public final class DevMode {
  private DevMode() {}

  /** Decided once, at start. */
  public static boolean allowed() {
    return allowed(LaunchMode.current(), ConfigUtils.getProfiles());
  }

  static boolean allowed(LaunchMode mode, List<String> profiles) {
    return mode != LaunchMode.NORMAL
        && (profiles.contains("dev") || profiles.contains("test"))
        && !profiles.contains("prod");
  }
}
