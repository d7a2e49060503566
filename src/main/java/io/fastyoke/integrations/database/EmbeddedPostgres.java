package io.fastyoke.integrations.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on this machine, in a folder that survives restarts, for when nobody has named
 * another. It listens on the loopback interface only and stops with the process.
 */
public final class EmbeddedPostgres {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static volatile io.zonky.test.db.postgres.embedded.@Nullable EmbeddedPostgres running;

  private EmbeddedPostgres() {}

  /** Stops the server, if one was started; for a process that ends without its shutdown hooks. */
  static void stop() {
    var server = running;
    if (server != null) {
      try {
        server.close();
      } catch (IOException e) {
        // The next start stops it.
      }
    }
  }

  /**
   * Starts the server and returns its URL.
   *
   * @param folder where the data lives; created when missing
   * @throws IllegalStateException when another process uses the folder, or the server does not
   *     start
   */
  public static String start(Path folder) {
    try {
      Files.createDirectories(folder);
      lock(folder);
      Path data = folder.resolve("postgres");
      stopOrphan(data.resolve("postmaster.pid"));
      var server =
          io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
              .setPGStartupWait(PATIENCE)
              .setServerConfig("max_connections", "200")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("fsync", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("shared_buffers", "128MB")
              .setOutputRedirector(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile()))
              .setErrorRedirector(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile()))
              .start();
      running = server;
      return "postgres://postgres@localhost:" + server.getPort() + "/postgres?sslmode=disable";
    } catch (IOException e) {
      throw new IllegalStateException(
          "The embedded PostgreSQL in "
              + folder.toAbsolutePath()
              + " did not start: "
              + e.getMessage()
              + ". See postgres.log there, or set DATABASE_URL.",
          e);
    }
  }

  /** The lock is released by the operating system when the process ends, however it ends. */
  private static void lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new IllegalStateException(
          "Another process uses the embedded PostgreSQL in "
              + folder.toAbsolutePath()
              + ". Stop it, or set DATABASE_URL or EMBEDDED_DATA_DIR.");
    }
  }

  /**
   * Nobody holds the lock, so a server that still runs here has lost its parent to a kill; it would
   * block the start.
   */
  private static void stopOrphan(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    ProcessHandle.of(Long.parseLong(lines.get(0).trim()))
        .filter(process -> process.info().command().orElse("").endsWith("postgres"))
        .ifPresent(EmbeddedPostgres::stop);
  }

  private static void stop(ProcessHandle server) {
    try {
      server.destroy();
      server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new UncheckedIOException(
          new IOException("an orphaned server (pid " + server.pid() + ") does not stop"));
    }
  }
}
