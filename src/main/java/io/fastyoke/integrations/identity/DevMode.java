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

  /**
   * Whether a command, which runs before the framework has started, is in the dev profile. The
   * framework does not tell its mode and profile until then; its dev mode shows in the class
   * loader.
   */
  static boolean ofCommand() {
    return startedByFramework() || named().contains("dev");
  }

  private static List<String> named() {
    String profiles = System.getProperty("quarkus.profile", System.getenv("QUARKUS_PROFILE"));
    return profiles == null ? List.of() : List.of(profiles.strip().split("\\s*,\\s*"));
  }

  /** Whether this code runs in {@code quarkus:dev} or in a test. */
  static boolean startedByFramework() {
    ClassLoader loader = DevMode.class.getClassLoader();
    return loader != null && loader.getClass().getSimpleName().equals("QuarkusClassLoader");
  }

  static boolean allowed(LaunchMode mode, List<String> profiles) {
    return mode != LaunchMode.NORMAL
        && (profiles.contains("dev") || profiles.contains("test"))
        && !profiles.contains("prod");
  }
}
