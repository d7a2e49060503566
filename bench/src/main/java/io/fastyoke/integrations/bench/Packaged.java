package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A packaged service: {@code quarkus-run.jar}, with what {@code docker/train} has left beside it
 * for the JDK that runs it, or a native executable.
 */
record Packaged(Path file) {
  /** From here on there is an AOT cache with profiles, and headers of objects are compact. */
  private static final int AOT_JDK = 25;

  /** A JDK for the service, when it is not the benchmark's own. */
  private static final Path JAVA_HOME =
      Path.of(System.getenv().getOrDefault("BENCH_JAVA_HOME", System.getProperty("java.home")));

  /** The image's, with a limit of 400 MiB, of which the heap takes 36 %. */
  static final String JAVA_OPTS =
      System.getenv()
          .getOrDefault(
              "BENCH_JAVA_OPTS",
              "-Xms144m -Xmx144m -XX:+UseParallelGC -XX:ParallelGCThreads=2"
                  + " -XX:-UseAdaptiveSizePolicy -XX:NewRatio=1 -XX:SurvivorRatio=4"
                  + " -XX:+UseTransparentHugePages -Xss512k -XX:+IgnoreUnrecognizedVMOptions"
                  + " -XX:TrimNativeHeapInterval=2000 -XX:ReservedCodeCacheSize=64m");

  /** Arguments of a native executable, such as {@code -Xmx128m}. */
  static final String NATIVE_OPTS = System.getenv().getOrDefault("BENCH_NATIVE_OPTS", "");

  /**
   * @throws IllegalArgumentException when there is no such file
   */
  Packaged {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + file);
    }
  }

  boolean isNative() {
    return !file.toString().endsWith(".jar");
  }

  /** The options that it starts with. */
  String options() {
    return isNative() ? NATIVE_OPTS : JAVA_OPTS;
  }

  /**
   * The command that starts it.
   *
   * @param recording where to leave a flight recording, or null; a native executable makes none
   */
  List<String> command(Path recording) {
    List<String> command = new ArrayList<>();
    if (isNative()) {
      command.add(file.toAbsolutePath().toString());
      command.addAll(words(NATIVE_OPTS));
      return command;
    }
    command.add(java());
    command.addAll(words(JAVA_OPTS));
    if (recording == null) {
      command.addAll(trained());
    } else {
      // Without the archive: JDK 17 does not start with both.
      command.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
    }
    command.addAll(List.of("-jar", file.toString()));
    return command;
  }

  private List<String> trained() {
    boolean aot = feature() >= AOT_JDK;
    Path archive = file.resolveSibling(aot ? "app.aot" : "app.jsa");
    if (!Files.exists(archive)) {
      return List.of();
    }
    return aot
        ? List.of(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:AOTCache=" + archive,
            "-XX:+UseCompactObjectHeaders",
            "--sun-misc-unsafe-memory-access=allow")
        : List.of("-XX:SharedArchiveFile=" + archive);
  }

  /** Of the JDK that runs a jar. */
  private static int feature() {
    try {
      Matcher version =
          Pattern.compile("JAVA_VERSION=\"(\\d+)")
              .matcher(Files.readString(JAVA_HOME.resolve("release")));
      if (!version.find()) {
        throw new IllegalStateException(JAVA_HOME + "/release names no version");
      }
      return Integer.parseInt(version.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String java() {
    return JAVA_HOME.resolve("bin/java").toString();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
  }
}
