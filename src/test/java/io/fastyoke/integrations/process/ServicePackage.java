package io.fastyoke.integrations.process;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is tested: the native executable that {@code -Dnative.image.path} names, or else the jar
 * that the build has made.
 */
public final class ServicePackage {
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
  private static final String EXECUTABLE = System.getProperty("native.image.path", "").trim();

  private ServicePackage() {}

  /** Whether the tests run on a native executable. */
  public static boolean isNative() {
    return !EXECUTABLE.isEmpty();
  }

  /** Skips a test on a native executable. */
  public static void assumeJvm(String reason) {
    assumeFalse(isNative(), reason);
  }

  /**
   * The command that starts the service. Skips the test when there is no jar.
   *
   * @throws AssertionError when an executable is asked for that does not exist
   */
  static List<String> command() {
    if (isNative()) {
      Path executable = Path.of(EXECUTABLE).toAbsolutePath();
      if (!Files.isExecutable(executable)) {
        throw new AssertionError("native.image.path names no executable: " + executable);
      }
      return List.of(executable.toString());
    }
    assumeTrue(Files.exists(JAR), "the service is not packaged: " + JAR + " does not exist");
    return command(JAR);
  }

  /** The command that starts another build. */
  static List<String> command(Path jar) {
    // The second compiler would take from the cores for as long as such a process lives.
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.addAll(ClassArchive.optionsFor(jar));
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }
}
