package io.fastyoke.integrations.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import java.util.List;

/**
 * Whether public secrets will do: only while the service is being developed and tested. The profile
 * alone does not say so, since whoever starts the packaged service may name any.
 */
public final class DevMode {
  private DevMode() {}

  /** Of this start. */
  public static boolean allowed() {
    return allowed(LaunchMode.current(), ConfigUtils.getProfiles());
  }

  static boolean allowed(LaunchMode mode, List<String> profiles) {
    return mode != LaunchMode.NORMAL
        && (profiles.contains("dev") || profiles.contains("test"))
        && !profiles.contains("prod");
  }
}
