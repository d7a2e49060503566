package io.fastyoke.integrations.settings;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Puts what {@link Settings} reads in the place of what the environment gives. */
public final class SettingsSource implements ConfigSource {
  /**
   * Above system properties (400) and the environment (300), which both can hold what was given.
   */
  private static final int ORDINAL = 450;

  private final Map<String, String> settings = read();

  private static Map<String, String> read() {
    try {
      return Settings.ofThisProcess().corrections();
    } catch (SettingRefused alreadyRefusedByTheCheckBeforeTheStart) {
      return Map.of();
    }
  }

  @Override
  public Set<String> getPropertyNames() {
    return settings.keySet();
  }

  @Override
  public @Nullable String getValue(String name) {
    return settings.get(name);
  }

  @Override
  public String getName() {
    return "settings";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
