package io.fastyoke.integrations.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A packaged service: {@code quarkus-run.jar}, with the archive of classes beside it where there is
 * one, or a native executable.
 */
record Packaged(Path file) {
  /** The image's, with a limit of 320 MiB. */
  static final String JAVA_OPTS =
      System.getenv()
          .getOrDefault(
              "BENCH_JAVA_OPTS",
              "-XX:+UseParallelGC -XX:ParallelGCThreads=2 -XX:-UseAdaptiveSizePolicy -Xmx84m"
                  + " -XX:NewRatio=1 -XX:SurvivorRatio=4 -XX:+UseTransparentHugePages -Xss512k"
                  + " -XX:+IgnoreUnrecognizedVMOptions -XX:TrimNativeHeapInterval=2000"
                  + " -XX:ReservedCodeCacheSize=64m");

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
    if (recording != null) {
      command.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
    }
    Path archive = file.resolveSibling("app.jsa");
    if (Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.addAll(List.of("-jar", file.toString()));
    return command;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
  }
}
