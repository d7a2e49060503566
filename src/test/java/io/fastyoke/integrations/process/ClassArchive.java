package io.fastyoke.integrations.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The archive of classes that the image starts with. Made once for each package, by the script that
 * makes the image's: every replica of a test then starts sooner.
 */
final class ClassArchive {
  private static final Path SCRIPT = Path.of("docker", "train-cds");

  private ClassArchive() {}

  /** The archive of a package, made now if there is none that belongs to it. */
  static synchronized Path of(Path jar) {
    Path archive = jar.resolveSibling("app.jsa");
    try {
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
    return archive;
  }

  private static void make(Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPT.toString(), folder.toString()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process script = builder.start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (script.waitFor() != 0) {
      throw new AssertionError("docker/train-cds has failed:\n" + said);
    }
  }
}
