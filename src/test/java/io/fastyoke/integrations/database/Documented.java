package io.fastyoke.integrations.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/operations.md tells people to type. */
final class Documented {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- as (\\w+) -->\\s*```(?:sql|sh)\\n(.*?)```", Pattern.DOTALL);

  private Documented() {}

  /** The block with this name. */
  static String block(String name) throws IOException {
    Matcher found = BLOCK.matcher(Files.readString(Path.of("docs/operations.md")));
    while (found.find()) {
      if (found.group(1).equals(name)) {
        return found.group(2).replace("…", "secret");
      }
    }
    throw new AssertionError("docs/operations.md does not say how: " + name);
  }

  /** Runs the commands of a block in a shell. */
  static void shell(String name, Path folder, Map<String, String> env)
      throws IOException, InterruptedException {
    Path output = folder.resolve(name + ".log");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-e", "-c", block(name))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().putAll(env);
    int code = shell.start().waitFor();
    if (code != 0) {
      throw new AssertionError(name + " ends with " + code + ": " + Files.readString(output));
    }
  }
}
