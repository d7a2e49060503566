package io.fastyoke.integrations.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * PgBouncer in front of a server of the tests: Debian's, or {@code -Dpgbouncer=/path/of/another},
 * with {@code -Dpgbouncer.settings=name=value,…} besides.
 */
final class PgBouncer implements AutoCloseable {
  private static final String BINARY = System.getProperty("pgbouncer", "/usr/sbin/pgbouncer");
  private static final String MORE = System.getProperty("pgbouncer.settings", "");

  private final Process process;
  private final int port = freePort();
  private final Path folder = Files.createTempDirectory("pgbouncer");
  private final Path settings = folder.resolve("pgbouncer.ini");
  private final String mode;

  /**
   * Starts it and waits until it listens.
   *
   * @param mode {@code transaction} or {@code session}
   */
  PgBouncer(int server, String mode) throws IOException, InterruptedException {
    this.mode = mode;
    Path users = users();
    Files.writeString(users, "\"app\" \"secret\"\n\"app_service\" \"secret\"\n");
    configure(server);
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

  /** Names another server in its settings, and has it read them (RELOAD). */
  void moveTo(int server) throws IOException, InterruptedException {
    configure(server);
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  private Path users() {
    return folder.resolve("users");
  }

  private void configure(int server) throws IOException {
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
        server_login_retry = 1
        %s
        %s
        """
            .formatted(
                server, port, users(), mode, root ? "user = nobody" : "", MORE.replace(',', '\n')));
  }

  /** Whether it prepares statements where they are used: from 1.24 on unless told otherwise. */
  boolean keepsStatements() throws IOException {
    String version =
        new String(
            new ProcessBuilder(BINARY, "--version").start().getInputStream().readAllBytes(),
            StandardCharsets.US_ASCII);
    return mode.equals("transaction")
        && !MORE.contains("max_prepared_statements=0")
        && Integer.parseInt(version.replaceFirst("(?s)^\\D*1\\.(\\d+).*", "$1")) >= 24;
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
