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
 * Runs a real PostgreSQL on this machine if no {@code DATABASE_URL} is set. Its data survives
 * restarts. It listens on the loopback interface only and stops with the process.
 */
final class EmbeddedPostgres {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static volatile io.zonky.test.db.postgres.embedded.@Nullable EmbeddedPostgres running;

  private EmbeddedPostgres() {}

  /** Stops the server, if it was started; for a process that ends without shutdown hooks. */
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
   * @param folder for the data; created if missing
   * @throws IllegalStateException if another process uses the folder, or the server does not start
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
              .setPGStartupWait(TIMEOUT)
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
   * Stops a server whose parent process was killed; it would block the start. The lock is free, so
   * no other process uses it.
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
      server.onExit().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new UncheckedIOException(
          new IOException("an orphaned server (pid " + server.pid() + ") does not stop"));
    }
  }
}
