package io.fastyoke.integrations.settings;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Replaces the environment's values by those that {@link Settings} has normalized. */
public final class SettingsSource implements ConfigSource {
  /** Above system properties (400) and the environment (300), whose values it replaces. */
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
