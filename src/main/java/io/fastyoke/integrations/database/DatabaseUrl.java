package io.fastyoke.integrations.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL connection URI as platforms hand it out ({@code
 * postgres://user:password@host:port/db?sslmode=…}).
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq,
 *     34.1.1.2</a>
 */
record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    String sslMode) {

  /** The name of the environment variable and of the system property that holds the URI. */
  static final String NAME = "DATABASE_URL";

  /**
   * @throws IllegalArgumentException when the text is not such a URI; the message never quotes it
   */
  static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = URI.create(text.trim());
    } catch (IllegalArgumentException e) {
      throw refused("it is not a URI");
    }
    if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
      throw refused("it must start with postgres:// or postgresql://");
    }
    if (uri.getHost() == null) {
      throw refused("it names no host");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String[] login =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    String user = login.length > 0 ? decode(login[0]) : "postgres";
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        path.length() > 1 ? decode(path.substring(1)) : user,
        user,
        login.length > 1 ? decode(login[1]) : null,
        query(uri).getOrDefault("sslmode", "prefer"));
  }

  /** Host and port without brackets around an IPv6 address. */
  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s".formatted(host, port, database, sslMode);
  }

  String reactiveUrl() {
    return "postgresql://%s:%d/%s?sslmode=%s".formatted(host, port, database, sslMode);
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> parameters = new HashMap<>();
    if (uri.getRawQuery() != null) {
      Arrays.stream(uri.getRawQuery().split("&"))
          .map(pair -> pair.split("=", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> parameters.put(decode(pair[0]), decode(pair[1])));
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        NAME
            + " cannot be used: "
            + why
            + ". Expected postgres://user:password@host:port/database");
  }

  @Override
  public String toString() {
    return "postgres://%s@%s:%d/%s".formatted(user, host, port, database);
  }
}
