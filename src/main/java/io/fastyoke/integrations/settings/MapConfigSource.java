package io.fastyoke.integrations.settings;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** A source of configuration whose properties are known when it is made. */
public abstract class MapConfigSource implements ConfigSource {
  private final String name;
  private final int ordinal;
  private final Map<String, String> properties;

  /**
   * A source with these properties.
   *
   * @param ordinal sources with a higher one win (MicroProfile Config)
   */
  protected MapConfigSource(String name, int ordinal, Map<String, String> properties) {
    this.name = name;
    this.ordinal = ordinal;
    this.properties = properties;
  }

  @Override
  public final Set<String> getPropertyNames() {
    return properties.keySet();
  }

  @Override
  public final @Nullable String getValue(String property) {
    return properties.get(property);
  }

  @Override
  public final String getName() {
    return name;
  }

  @Override
  public final int getOrdinal() {
    return ordinal;
  }
}
