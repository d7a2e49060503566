package io.fastyoke.integrations.database;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Translates {@code DATABASE_URL} into the settings of the three pools: migrations, tenants and
 * engine.
 */
public final class DatabaseConfigSource implements ConfigSource {
  /** Above application.properties (250), below system properties and environment (300 and up). */
  private static final int ORDINAL = 275;

  private final Map<String, String> settings = read();

  private static Map<String, String> read() {
    String text = System.getProperty(DatabaseUrl.NAME, System.getenv(DatabaseUrl.NAME));
    Map<String, String> settings = new HashMap<>();
    if (text == null || text.isBlank()) {
      return settings;
    }
    DatabaseUrl url;
    try {
      url = DatabaseUrl.parse(text);
    } catch (IllegalArgumentException refusedByTheBootCheck) {
      return settings;
    }
    settings.put("quarkus.datasource.jdbc.url", url.jdbcUrl());
    pool(settings, "quarkus.datasource", url);
    pool(settings, "quarkus.datasource.engine", url);
    return settings;
  }

  private static void pool(Map<String, String> settings, String prefix, DatabaseUrl url) {
    settings.put(prefix + ".reactive.url", url.reactiveUrl());
    settings.put(prefix + ".username", url.user());
    if (url.password() != null) {
      settings.put(prefix + ".password", url.password());
    }
    if (url.sslMode().equals("require") || url.sslMode().equals("prefer")) {
      // libpq: these modes encrypt and do not verify; verify-ca and verify-full do.
      settings.put(prefix + ".reactive.trust-all", "true");
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
    return DatabaseUrl.NAME;
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
