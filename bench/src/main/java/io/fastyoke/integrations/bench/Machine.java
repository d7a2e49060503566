package io.fastyoke.integrations.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;

/** The facts without which figures mean nothing. */
final class Machine {
  private Machine() {}

  static JsonObject facts(Postgres postgres, Packaged packaged) throws IOException, SQLException {
    return new JsonObject()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("cpu", field("/proc/cpuinfo", "model name"))
        .put("memory", field("/proc/meminfo", "MemTotal"))
        .put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("load_before", Files.readString(Path.of("/proc/loadavg")).split(" ")[0])
        .put(
            "jdk",
            System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"))
        .put("package", packaged.isNative() ? "native" : "jar")
        .put("options", packaged.options())
        .put("postgresql", postgres.version())
        .put("commit", said("git", "describe", "--always", "--dirty", "--exclude=*"));
  }

  private static String field(String file, String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static String said(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
