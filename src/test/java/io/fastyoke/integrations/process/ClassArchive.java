package io.fastyoke.integrations.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What the JVM has kept of a training run of the package. Made once for each package, by the script
 * that trains the image's: every replica of a test then starts sooner.
 */
final class ClassArchive {
  private static final Path SCRIPT = Path.of("docker", "train");

  /** The first JDK that makes an AOT cache in one step. */
  private static final int AOT_JDK = 25;

  private ClassArchive() {}

  /**
   * The options that use it, for this JDK; made now if there is none that belongs to the package.
   */
  static synchronized List<String> optionsFor(Path jar) {
    boolean aot = Runtime.version().feature() >= AOT_JDK;
    Path archive = jar.resolveSibling(aot ? "app.aot" : "app.jsa");
    // Tests run in several processes, of which one makes it and the others wait.
    try (FileChannel turn =
            FileChannel.open(
                jar.resolveSibling("training.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = turn.lock()) {
      assert held.isValid();
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        make(jar.getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return aot
        ? List.of("-XX:AOTCache=" + archive, "-XX:+UseCompactObjectHeaders")
        : List.of("-XX:SharedArchiveFile=" + archive);
  }

  private static void make(Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPT.toString(), folder.toString()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process script = builder.start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (script.waitFor() != 0) {
      throw new AssertionError("docker/train has failed:\n" + said);
    }
  }
}
