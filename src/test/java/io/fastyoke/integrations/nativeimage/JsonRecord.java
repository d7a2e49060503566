package io.fastyoke.integrations.nativeimage;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of classes that Jackson has looked into, in the file that {@code native.record} names.
 * Each JVM that runs tests begins it anew.
 */
final class JsonRecord {
  private static final String BEGUN = "native.record.begun";
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private JsonRecord() {}

  static void add(Class<?> type) {
    String file = System.getProperty("native.record");
    // What the JDK and Jackson bring is known to GraalVM and Quarkus.
    if (file == null
        || type.isPrimitive()
        || type.isArray()
        || type.getName().startsWith("java.")
        || type.getName().startsWith("com.fasterxml.jackson.")
        || !SEEN.add(type.getName())) {
      return;
    }
    write(Path.of(file), type.getName());
  }

  /** Tests with another profile have this class once more: what there is once is the property. */
  private static void write(Path file, String name) {
    synchronized (System.getProperties()) {
      try {
        if (System.setProperty(BEGUN, "true") == null) {
          Files.createDirectories(file.toAbsolutePath().getParent());
          Files.deleteIfExists(file);
        }
        Files.writeString(file, name + "\n", CREATE, APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What has been recorded; nothing when no test has. */
  static Set<String> read(Path file) throws IOException {
    return Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : Set.of();
  }
}
