package io.fastyoke.integrations.support;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packages of npm that tests need: servers, and the libraries of receivers. They are installed
 * by the first test that needs one, into {@code target/node}, as {@code package-lock.json} of
 * {@code src/test/node} says.
 */
public final class NodePackages {
  static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node").toAbsolutePath();

  /** What Node says of a network that is not there. */
  private static final Pattern OFFLINE =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH");

  private NodePackages() {}

  /**
   * Installs them, once. Without npm, and where its registry is out of reach, the test is skipped;
   * {@code .ci/run} installs npm.
   *
   * @return the folder that has {@code node_modules}
   */
  public static Path install() {
    assumeTrue(isInstalled("npm"), "npm is not installed (apt-get install -y npm)");
    try {
      installOnce();
      return INSTALLED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is such a program. */
  public static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Once, also when several processes of tests come here at the same time. */
  private static void installOnce() throws IOException {
    Files.createDirectories(INSTALLED);
    Path lock = INSTALLED.resolve("package-lock.json");
    try (FileChannel alone =
            FileChannel.open(
                INSTALLED.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = alone.lock()) {
      Path wanted = SOURCES.resolve("package-lock.json");
      if (Files.exists(lock) && Files.mismatch(wanted, lock) == -1) {
        return;
      }
      Files.copy(
          SOURCES.resolve("package.json"),
          INSTALLED.resolve("package.json"),
          StandardCopyOption.REPLACE_EXISTING);
      Path log = INSTALLED.resolve("install.log");
      Files.copy(wanted, lock, StandardCopyOption.REPLACE_EXISTING);
      List<String> command =
          List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1");
      Process npm =
          new ProcessBuilder(command)
              .directory(INSTALLED.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (npm.waitFor() != 0) {
        Files.delete(lock);
        String said = Files.readString(log);
        assumeFalse(OFFLINE.matcher(said).find(), "the registry of npm is out of reach: " + said);
        throw new IOException("npm ci failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
