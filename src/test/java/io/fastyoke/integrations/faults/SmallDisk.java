package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fastyoke.integrations.support.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server on a disk of its own that can be full: a tmpfs in a mount namespace that nobody else
 * sees, with a shell inside through which everything is done. Needs root, or unprivileged user
 * namespaces; a test on a machine without either is skipped.
 */
final class SmallDisk implements Server {
  private static final int MEGABYTES = 128;
  private static final int MOST_WAL = 32;
  private static final long UP_WITHIN_MS = 15_000;
  private static final long DOWN_WITHIN_MS = 20_000;
  private static final String DONE = "command ended with ";

  private final Path folder;
  private final Path disk;
  private final int port;
  private final Process shell;
  private final BufferedReader said;
  private final PrintStream told;
  private String binary = "";
  private String postmaster = "";

  SmallDisk() {
    try {
      folder = Files.createTempDirectory("fastyoke-disk");
      disk = Files.createDirectory(folder.resolve("disk"));
      port = FreePort.find();
      shell = new ProcessBuilder(namespace()).redirectErrorStream(true).start();
      Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
      said = shell.inputReader();
      told = new PrintStream(shell.getOutputStream(), true);
      prepare();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> namespace() {
    boolean root = "root".equals(System.getProperty("user.name"));
    return List.of("unshare", root ? "-m" : "-Urm", "sh");
  }

  private void prepare() throws IOException {
    List<String> answer = new ArrayList<>();
    int mounted =
        run(
            "mount -t tmpfs -o size=%dm tmpfs %s".formatted(MEGABYTES, disk),
            answer); // where it may not, the shell itself does not start, or says so
    if (mounted != 0) {
      remove();
    }
    assumeTrue(mounted == 0, "no disk can be mounted for this test: " + answer);
    Path seed = folder.resolve("seed");
    try (EmbeddedPostgres initial =
        EmbeddedPostgres.builder().setDataDirectory(seed).setCleanDataDirectory(false).start()) {
      long pid = Long.parseLong(Files.readAllLines(seed.resolve("postmaster.pid")).get(0).trim());
      binary = ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow();
    }
    must("cp -a %s/. %s && rm -f %s/postmaster.*".formatted(seed, disk, disk));
    // A server that panics leaves no image of itself behind, least of all there.
    must("ulimit -c 0");
    start();
  }

  @Override
  public int port() {
    return port;
  }

  /** PostgreSQL refuses to run as root, which it does not see that it is. */
  @Override
  public void start() {
    String settings =
        "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_wal_size=%dMB -c min_wal_size=%dMB"
            .formatted(MOST_WAL, MOST_WAL);
    must(
        "unshare -U %s -D %s -p %d %s >>%s/log 2>&1 & echo $! >%s/pid"
            .formatted(binary, disk, port, settings, folder, folder));
    try {
      postmaster = Files.readString(folder.resolve("pid")).trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitUp();
  }

  private void awaitUp() {
    long deadline = System.nanoTime() + UP_WITHIN_MS * 1_000_000;
    while (true) {
      try {
        connect().close();
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("PostgreSQL does not start: " + log(), notYet);
        }
        pause(Duration.ofMillis(50));
      }
    }
  }

  @Override
  public void stopImmediately() {
    must("kill -QUIT " + postmaster);
    run("wait " + postmaster, new ArrayList<>());
  }

  /** Leaves no byte on the disk, and returns when the server has gone down for it. */
  void fillUntilTheServerIsDown() {
    run("dd if=/dev/zero of=%s/ballast bs=64k".formatted(disk), new ArrayList<>());
    long deadline = System.nanoTime() + DOWN_WITHIN_MS * 1_000_000;
    while (!isDown()) {
      assertThat(System.nanoTime()).as("PostgreSQL goes down: %s", log()).isLessThan(deadline);
      writeLog();
      pause(Duration.ofMillis(50));
    }
    run("wait " + postmaster, new ArrayList<>());
  }

  /** Segments of the log that are there already are written to before new ones are missed. */
  private void writeLog() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (int megabyte = 0; megabyte < MEGABYTES; megabyte++) {
        statement.execute("SELECT pg_logical_emit_message(true, 'x', repeat('x', 1000000))");
      }
    } catch (SQLException full) {
      // The server panics, and tries to recover.
    }
  }

  /** Gone, or waiting for the shell to ask what became of it. */
  private boolean isDown() {
    try {
      return Files.readAllLines(Path.of("/proc", postmaster, "status")).stream()
          .anyMatch(line -> line.startsWith("State:") && line.contains("Z"));
    } catch (IOException gone) {
      return true;
    }
  }

  /** What filled it is gone. The server does not come back by itself. */
  void free() {
    must("rm %s/ballast".formatted(disk));
  }

  /** What the server has written. */
  String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void must(String command) {
    List<String> answer = new ArrayList<>();
    if (run(command, answer) != 0) {
      throw new AssertionError(command + ": " + answer);
    }
  }

  /** The exit code, or -1 when there is no shell. */
  private int run(String command, List<String> answer) {
    told.println(command + "; echo \"" + DONE + "$?\"");
    try {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        int end = line.indexOf(DONE);
        if (end >= 0) {
          return Integer.parseInt(line.substring(end + DONE.length()));
        }
        answer.add(line);
      }
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill() {
    if (!postmaster.isEmpty()) {
      ProcessHandle.of(Long.parseLong(postmaster)).ifPresent(ProcessHandle::destroyForcibly);
    }
    shell.destroyForcibly();
  }

  /** The disk is gone with the last process that sees it. */
  @Override
  public void close() {
    if (!postmaster.isEmpty()) {
      run("kill -QUIT " + postmaster + " 2>/dev/null; wait", new ArrayList<>());
      postmaster = "";
    }
    remove();
  }

  private void remove() {
    told.close();
    shell.destroyForcibly();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
