package io.fastyoke.integrations.database.url;

import io.fastyoke.integrations.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A parsed PostgreSQL connection URI ({@code postgres://user:password@host:port/db?sslmode=…}),
 * with libpq's meaning.
 *
 * @param hosts in the order in which they are tried; at least one
 * @param login who logs in, and to which database
 * @param session startup parameters of the URI ({@code options}, {@code application_name})
 * @param notUsed names of parameters that the service does not know and ignores
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq,
 *     34.1.1.2</a>
 */
public record DatabaseUrl(
    List<Host> hosts,
    Login login,
    TlsMode tls,
    boolean mustBeWritable,
    Map<String, String> session,
    List<String> notUsed) {

  /** The name of the environment variable and of the system property that holds the URI. */
  public static final String NAME = "DATABASE_URL";

  /** The variable with a URI that bypasses a pooler, for migrations and notifications. */
  static final String DIRECT = "DATABASE_DIRECT_URL";

  static final int DEFAULT_PORT = 5432;

  /**
   * Who logs in, and to which database.
   *
   * @param bound whether the login has to be bound to the TLS channel ({@code
   *     channel_binding=require})
   */
  record Login(String database, String user, @Nullable String password, boolean bound) {}

  public String database() {
    return login.database();
  }

  public String user() {
    return login.user();
  }

  public @Nullable String password() {
    return login.password();
  }

  public boolean bound() {
    return login.bound();
  }

  /**
   * A server's address.
   *
   * @param name the host's name or address without brackets, or the folder of a Unix socket
   */
  public record Host(String name, int port) {
    public boolean isSocket() {
      return name.startsWith("/");
    }

    /** The file of the Unix socket, as PostgreSQL names it. */
    public String socket() {
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
   * Parses a URI.
   *
   * @throws IllegalArgumentException if it cannot be used; the message is one line for the operator
   *     and quotes no secret
   */
  public static DatabaseUrl parse(String text) {
    return parse(NAME, text);
  }

  /** Parses the URI of another setting. */
  public static DatabaseUrl parse(String setting, String text) {
    return new DatabaseUrlParser(setting).parse(text);
  }

  /**
   * The URI of {@code DATABASE_URL}, from the environment or a file; otherwise {@link #direct}.
   *
   * @throws IllegalArgumentException as {@link #parse}
   * @throws io.fastyoke.integrations.settings.SettingRefused when its file cannot be read
   */
  public static Optional<DatabaseUrl> given() {
    return Settings.ofThisProcess().get(NAME).map(DatabaseUrl::parse).or(DatabaseUrl::direct);
  }

  /**
   * The URI that bypasses a pooler, if {@code DATABASE_DIRECT_URL} is set.
   *
   * @throws IllegalArgumentException as {@link #parse}
   * @throws io.fastyoke.integrations.settings.SettingRefused when its file cannot be read
   */
  public static Optional<DatabaseUrl> direct() {
    return Settings.ofThisProcess().get(DIRECT).map(text -> parse(DIRECT, text));
  }

  /** The servers' addresses, such as {@code db:5432,[::1]:5433}. */
  public String hostList() {
    return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgres://%s@%s/%s".formatted(login.user(), hostList(), login.database());
  }
}
