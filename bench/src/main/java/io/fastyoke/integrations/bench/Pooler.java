package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * PgBouncer in transaction mode in front of the server, with its defaults. Debian's, or the one
 * that {@code BENCH_PGBOUNCER} names.
 */
final class Pooler implements AutoCloseable {
  private static final String BINARY =
      System.getenv().getOrDefault("BENCH_PGBOUNCER", "/usr/sbin/pgbouncer");

  private final Postgres postgres;
  private final Process process;
  private final int port;

  private Pooler(Postgres postgres, Process process, int port) {
    this.postgres = postgres;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it and waits until it listens. Its settings resemble those in the service's tests, which
   * this project of its own cannot use.
   */
  static Pooler start(Postgres postgres, Path folder) throws IOException, InterruptedException {
    int port = Service.freePort();
    Path settings = Files.createTempFile("pgbouncer", ".ini");
    Path users = Files.createTempFile("pgbouncer", ".users");
    Files.writeString(users, "\"%s\" \"%s\"\n".formatted(postgres.user(), postgres.password()));
    // It does not run as root, and reads its files as somebody else.
    boolean root = System.getProperty("user.name").equals("root");
    Files.writeString(
        settings,
        """
        [databases]
        * = host=%s port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = transaction
        %s
        """
            .formatted(postgres.host(), postgres.port(), port, users, root ? "user = nobody" : ""));
    if (!settings.toFile().setReadable(true, false) || !users.toFile().setReadable(true, false)) {
      throw new IOException("nobody else can read " + settings);
    }
    Process process =
        new ProcessBuilder(BINARY, settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    while (!listens(port)) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("PgBouncer does not start; its log is in target/bench");
      }
    }
    return new Pooler(postgres, process, port);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The address of a database for a service. */
  String url(String database) {
    return postgres.url(database, "127.0.0.1", port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
