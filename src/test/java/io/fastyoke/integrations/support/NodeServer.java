package io.fastyoke.integrations.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A server of {@code src/test/node} with packages of npm, in a process of its own. */
public final class NodeServer implements AutoCloseable {
  private static final String READY = "listening ";

  private final Process process;
  private final int port;

  private NodeServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a script that prints {@code listening PORT} when it is ready; see {@link
   * NodePackages#install()}.
   */
  public static NodeServer start(String script, String... arguments) {
    Path home = NodePackages.install();
    try {
      Files.copy(
          NodePackages.SOURCES.resolve(script),
          home.resolve(script),
          StandardCopyOption.REPLACE_EXISTING);
      List<String> command = new ArrayList<>(List.of("node", script));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).start();
      return new NodeServer(process, portOf(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
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

  @Override
  public void close() {
    process.destroy();
  }
}
