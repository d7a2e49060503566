package io.fastyoke.integrations.settings;

import java.util.Map;

/** Replaces the environment's values by those that {@link Settings} has normalized. */
public final class SettingsSource extends MapConfigSource {
  /** Above system properties (400) and the environment (300), whose values it replaces. */
  private static final int ORDINAL = 450;

  public SettingsSource() {
    super("settings", ORDINAL, read());
  }

  private static Map<String, String> read() {
    try {
      return Settings.ofThisProcess().corrections();
    } catch (SettingRefused alreadyRefusedByTheCheckBeforeTheStart) {
      return Map.of();
    }
  }
}
