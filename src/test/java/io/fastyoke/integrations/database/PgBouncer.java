package io.fastyoke.integrations.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** PgBouncer as Debian ships it, in front of a server of the tests. */
final class PgBouncer implements AutoCloseable {
  private static final String BINARY = "/usr/sbin/pgbouncer";

  private final Process process;
  private final int port = freePort();

  /**
   * Starts it and waits until it listens.
   *
   * @param mode {@code transaction} or {@code session}
   */
  PgBouncer(int server, String mode) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("pgbouncer");
    Path users = folder.resolve("users");
    Files.writeString(users, "\"app\" \"secret\"\n\"app_service\" \"secret\"\n");
    Path settings = folder.resolve("pgbouncer.ini");
    boolean root = "root".equals(System.getProperty("user.name"));
    Files.writeString(
        settings,
        """
        [databases]
        * = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = %s
        %s
        """
            .formatted(server, port, users, mode, root ? "user = nobody" : ""));
    for (Path each : new Path[] {folder, users, settings}) {
      if (!each.toFile().setReadable(true, false) || !folder.toFile().setExecutable(true, false)) {
        throw new IOException("nobody else can read " + each);
      }
    }
    process =
        new ProcessBuilder(BINARY, settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    while (!listens()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException(Files.readString(folder.resolve("log")));
      }
    }
  }

  String url(String login, String database) {
    return "postgres://%s:secret@127.0.0.1:%d/%s?sslmode=disable".formatted(login, port, database);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
