package io.fastyoke.integrations.database;

import io.fastyoke.integrations.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL connection URI as platforms hand it out ({@code
 * postgres://user:password@host:port/db?sslmode=…}), read: what libpq would make of it.
 *
 * @param hosts in the order in which they are tried; at least one
 * @param session startup parameters that the URI asks for ({@code options}, {@code
 *     application_name})
 * @param notUsed names of parameters that the service does not know and passes over
 * @param bound whether the login has to be bound to the TLS channel ({@code
 *     channel_binding=require})
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq,
 *     34.1.1.2</a>
 */
record DatabaseUrl(
    List<Host> hosts,
    String database,
    String user,
    @Nullable String password,
    TlsMode tls,
    boolean mustBeWritable,
    Map<String, String> session,
    List<String> notUsed,
    boolean bound) {

  /** The name of the environment variable and of the system property that holds the URI. */
  static final String NAME = "DATABASE_URL";

  /** The way around a pooler, for migrations and notifications. */
  static final String DIRECT = "DATABASE_DIRECT_URL";

  static final int DEFAULT_PORT = 5432;

  /**
   * A server's place.
   *
   * @param name a host's name or address without brackets, or the folder of a Unix socket
   */
  record Host(String name, int port) {
    boolean isSocket() {
      return name.startsWith("/");
    }

    /** The file of the Unix socket, as PostgreSQL names it. */
    String socket() {
      return name + "/.s.PGSQL." + port;
    }

    @Override
    public String toString() {
      if (isSocket()) {
        return socket();
      }
      return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }
  }

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException when it cannot be used; the message says why in one line and
   *     quotes no secret
   */
  static DatabaseUrl parse(String text) {
    return parse(NAME, text);
  }

  /** The same for another setting that holds such a URI. */
  static DatabaseUrl parse(String setting, String text) {
    return new DatabaseUrlParser(setting).parse(text);
  }

  /**
   * The one that is set, in the environment or in a file; else {@link #direct}.
   *
   * @throws IllegalArgumentException as {@link #parse}
   * @throws io.fastyoke.integrations.settings.SettingRefused when its file cannot be read
   */
  static Optional<DatabaseUrl> given() {
    return Settings.ofThisProcess().get(NAME).map(DatabaseUrl::parse).or(DatabaseUrl::direct);
  }

  /**
   * The way around a pooler, if one is set.
   *
   * @throws IllegalArgumentException as {@link #parse}
   * @throws io.fastyoke.integrations.settings.SettingRefused when its file cannot be read
   */
  static Optional<DatabaseUrl> direct() {
    return Settings.ofThisProcess().get(DIRECT).map(text -> parse(DIRECT, text));
  }

  /** Where the servers are, such as {@code db:5432,[::1]:5433}. */
  String places() {
    return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgres://%s@%s/%s".formatted(user, places(), database);
  }
}
