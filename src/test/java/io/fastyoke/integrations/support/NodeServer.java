package io.fastyoke.integrations.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of {@code src/test/node} with packages of npm, in a process of its own. They are
 * installed by the first test that needs one, into {@code target/node}, as {@code
 * package-lock.json} says.
 */
public final class NodeServer implements AutoCloseable {
  private static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node");
  private static final String READY = "listening ";

  /** What Node says of a network that is not there. */
  private static final Pattern OFFLINE =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH");

  private final Process process;
  private final int port;

  private NodeServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a script that prints {@code listening PORT} when it is ready. Without npm, and where its
   * registry is out of reach, the test is skipped; {@code .ci/run} installs npm.
   */
  public static NodeServer start(String script, String... arguments) {
    assumeTrue(hasNpm(), "npm is not installed (apt-get install -y npm)");
    try {
      install();
      Files.copy(
          SOURCES.resolve(script), INSTALLED.resolve(script), StandardCopyOption.REPLACE_EXISTING);
      List<String> command = new ArrayList<>(List.of("node", script));
      command.addAll(List.of(arguments));
      Process process = process(command).redirectErrorStream(true).start();
      return new NodeServer(process, portOf(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  private static boolean hasNpm() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "npm")));
  }

  private static ProcessBuilder process(List<String> command) {
    return new ProcessBuilder(command).directory(INSTALLED.toFile());
  }

  private static int portOf(Process process) throws IOException {
    BufferedReader out = process.inputReader(UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return Integer.parseInt(line.substring(READY.length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the server did not start: " + said);
  }

  /** Once, also when several processes of tests come here at the same time. */
  private static void install() throws IOException {
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
      Process npm = process(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
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

  @Override
  public void close() {
    process.destroy();
  }
}
