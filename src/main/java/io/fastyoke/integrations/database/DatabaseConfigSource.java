package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.database.url.JdbcUrl;
import io.fastyoke.integrations.settings.MapConfigSource;
import io.fastyoke.integrations.settings.SettingRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates {@code DATABASE_URL} and {@code DATABASE_DIRECT_URL} into the settings of the three
 * pools: migrations, tenants and engine.
 */
public final class DatabaseConfigSource extends MapConfigSource {
  /** Above application.properties (250), below system properties and environment (300 and up). */
  private static final int ORDINAL = 275;

  public DatabaseConfigSource() {
    super(DatabaseUrl.NAME, ORDINAL, read());
  }

  private static Map<String, String> read() {
    Map<String, String> settings = new HashMap<>();
    try {
      DatabaseUrl.given().ifPresent(url -> put(settings, url));
      DatabaseUrl.direct().ifPresent(url -> putDirect(settings, url));
    } catch (IllegalArgumentException | SettingRefused alreadyRefusedBeforeTheStart) {
      settings.clear();
    }
    return settings;
  }

  private static void put(Map<String, String> settings, DatabaseUrl url) {
    settings.put("fastyoke.database.hosts", url.hostList());
    settings.put("quarkus.datasource.jdbc.url", plain(JdbcUrl.of(url)));
    for (String prefix : List.of("quarkus.datasource", "quarkus.datasource.engine")) {
      // A dummy: TenantPool and EnginePool read the address from DatabaseUrl itself.
      settings.put(prefix + ".reactive.url", "postgresql://localhost:5432/postgres");
      settings.put(prefix + ".username", plain(url.user()));
      if (url.password() != null) {
        settings.put(prefix + ".password", plain(url.password()));
      }
    }
  }

  /** Migrations bypass the pooler. */
  private static void putDirect(Map<String, String> settings, DatabaseUrl url) {
    settings.put("quarkus.datasource.jdbc.url", plain(JdbcUrl.of(url)));
    if (url.password() != null) {
      settings.put("quarkus.flyway.username", plain(url.user()));
      settings.put("quarkus.flyway.password", plain(url.password()));
    }
  }

  /** Escapes dollars, which would begin an expression (MicroProfile Config). */
  private static String plain(String text) {
    return text.replace("$", "$$");
  }
}
