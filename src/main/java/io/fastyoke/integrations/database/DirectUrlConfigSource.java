package io.fastyoke.integrations.database;

import io.vertx.pgclient.PgConnectOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Lets {@code DATABASE_DIRECT_URL}, the way around a pooler, carry the migrations. */
public final class DirectUrlConfigSource implements ConfigSource {
  static final String NAME = "DATABASE_DIRECT_URL";

  /** Above {@link DatabaseConfigSource}, whose address for the migrations it replaces. */
  private static final int ORDINAL = 276;

  private final Map<String, String> settings = read();

  private static Map<String, String> read() {
    Map<String, String> settings = new HashMap<>();
    try {
      url().ifPresent(url -> put(settings, url));
    } catch (IllegalArgumentException refusedByTheBootCheck) {
      return settings;
    }
    return settings;
  }

  private static void put(Map<String, String> settings, DatabaseUrl url) {
    settings.put("quarkus.datasource.jdbc.url", url.jdbcUrl());
    if (url.password() != null) {
      settings.put("quarkus.flyway.username", url.user());
      settings.put("quarkus.flyway.password", url.password());
    }
  }

  /**
   * The address, if there is one.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static Optional<DatabaseUrl> url() {
    String text = System.getProperty(NAME, System.getenv(NAME));
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DatabaseUrl.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getMessage()).replace(DatabaseUrl.NAME, NAME), e);
    }
  }

  /** Options for connections around the pooler that are not of a pool. */
  static Optional<PgConnectOptions> options() {
    return url()
        .map(
            url -> {
              PgConnectOptions options = PgConnectOptions.fromUri(url.reactiveUrl());
              options.setUser(url.user()).setPassword(url.password() == null ? "" : url.password());
              if (url.sslMode().equals("require") || url.sslMode().equals("prefer")) {
                options.setTrustAll(true);
              }
              options.setMetricsName("postgresql|direct");
              return options;
            });
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
    return NAME;
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
