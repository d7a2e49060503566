package io.fastyoke.integrations.nativeimage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** What a native executable can reach by reflection and by name, as Quarkus has written it. */
final class NativeConfiguration {
  private static final String FOLDER = "META-INF/native-image/";

  /** What reflection may find in a class. */
  enum Members {
    CONSTRUCTORS,
    METHODS,
    FIELDS
  }

  private final Map<String, Set<Members>> classes = new HashMap<>();
  private final List<Pattern> resources = new ArrayList<>();

  /**
   * Reads the configuration.
   *
   * @param reflection the content of reflect-config.json
   * @param resource the content of resource-config.json
   */
  NativeConfiguration(JsonNode reflection, JsonNode resource) {
    for (JsonNode entry : reflection) {
      Set<Members> members =
          classes.computeIfAbsent(
              entry.path("name").asText(), name -> EnumSet.noneOf(Members.class));
      for (Members kind : Members.values()) {
        if (entry.path(flag(kind)).asBoolean()) {
          members.add(kind);
        }
      }
      for (JsonNode method : entry.path("methods")) {
        if (method.path("name").asText().equals("<init>")) {
          members.add(Members.CONSTRUCTORS);
        }
      }
    }
    for (JsonNode include : resource.path("resources").path("includes")) {
      resources.add(Pattern.compile(include.path("pattern").asText()));
    }
  }

  static NativeConfiguration of(JarFile jar) throws IOException {
    return new NativeConfiguration(
        json(jar, "reflect-config.json"), json(jar, "resource-config.json"));
  }

  private static JsonNode json(JarFile jar, String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(FOLDER + name))) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static String flag(Members kind) {
    String name = kind.name();
    return "allDeclared" + name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  /** Those of the classes in which reflection would not find all of these, with what is missing. */
  Set<String> missing(Iterable<String> names, Set<Members> needed) {
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      Set<Members> lacking = EnumSet.copyOf(needed);
      lacking.removeAll(classes.getOrDefault(name, Set.of()));
      if (!lacking.isEmpty()) {
        missing.add(name + " " + lacking);
      }
    }
    return missing;
  }

  /** Those of the resources that would not be found by their name. */
  Set<String> missingResources(Iterable<String> names) {
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      if (resources.stream().noneMatch(pattern -> pattern.matcher(name).matches())) {
        missing.add(name);
      }
    }
    return missing;
  }
}
