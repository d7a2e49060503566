package io.fastyoke.integrations.nativeimage;

import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.CONSTRUCTORS;
import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.FIELDS;
import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.METHODS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A native executable would find everything that the JVM finds by reflection or by name. Compares
 * the configuration that Quarkus writes for GraalVM ({@code quarkus.native.sources-only}, which
 * needs none) with what the tests have used; see docs/native.md.
 */
class NativeConfigurationIT {
  private static final Path RECORD = Path.of("target", "native-record.txt");
  private static final Path SOURCES = Path.of("target", "native-sources");
  private static final Path CLASSES = Path.of("target", "classes");

  /** Some of those that all tests together cannot miss. */
  private static final List<String> ALWAYS_USED =
      Stream.of(
              "connections.ConnectionRequest$Create",
              "connections.ConnectionView",
              "connections.KeysResource$Keys",
              "events.EventView",
              "errors.ErrorBody",
              "metering.UsageRow",
              "providers.description.ProviderDescription",
              "runs.Preview$PreviewedRun",
              "plan.Run",
              "intake.RunRequest")
          .map("io.fastyoke.integrations."::concat)
          .toList();

  /** Resources that nobody looks for by name once the service runs. */
  private static final Pattern OF_THE_BUILD =
      Pattern.compile(
          "application\\.properties" // Quarkus records it
              + "|META-INF/openapi\\.yaml" // a part of the generated document
              + "|META-INF/(maven|jandex|native-image|quarkus).*"
              + "|META-INF/services/org\\.eclipse\\.microprofile\\.config\\.spi\\.ConfigSource"
              + "|web/.*"); // becomes the bundle

  private static NativeConfiguration configuration;
  private static JavaClasses classes;

  @BeforeAll
  static void read() throws IOException {
    Path runner = runner();
    try (JarFile jar = new JarFile(runner.toFile())) {
      configuration = NativeConfiguration.of(jar);
    }
    classes = new ClassFileImporter().importPath(CLASSES);
  }

  private static Path runner() throws IOException {
    assumeTrue(Files.exists(SOURCES), "the build has not written " + SOURCES);
    try (Stream<Path> files = Files.walk(SOURCES, 2)) {
      Optional<Path> runner =
          files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst();
      return runner.orElseThrow(() -> new AssertionError("no runner jar below " + SOURCES));
    }
  }

  @Test
  void whatJacksonHasLookedIntoIsRegistered() throws IOException {
    Set<String> used = new TreeSet<>(JsonRecord.read(RECORD));
    used.removeIf(name -> !isOurs(name));
    assertThat(configuration.missing(used, EnumSet.of(CONSTRUCTORS, METHODS, FIELDS)))
        .as("classes that Jackson reaches by reflection; @RegisterForReflection, or no reflection")
        .isEmpty();
    // Unknown properties of Maven stay as they are written.
    boolean inPart = !System.getProperty("native.test", "").equals("${test}");
    assumeTrue(
        !inPart || used.containsAll(ALWAYS_USED),
        "only a part of the tests has run: no more than " + used.size() + " classes were compared");
    assertThat(used).as("what all tests have used").containsAll(ALWAYS_USED);
  }

  /** Classes of tests, or of what there was before, have nothing to do with the executable. */
  private static boolean isOurs(String name) {
    return classes.contain(name) || !name.startsWith("io.fastyoke.");
  }

  @Test
  void whatAnnotationsHaveMadeByNameIsRegistered() {
    Set<String> made = new TreeSet<>();
    for (JavaClass type : classes) {
      Stream<HasAnnotations<?>> all =
          Stream.concat(
              Stream.of(type),
              Stream.concat(
                  type.getFields().stream().map(f -> (HasAnnotations<?>) f),
                  type.getMethods().stream().map(m -> (HasAnnotations<?>) m)));
      all.flatMap(holder -> holder.getAnnotations().stream())
          .filter(
              annotation ->
                  annotation.getRawType().isEquivalentTo(JsonDeserialize.class)
                      || annotation.getRawType().isEquivalentTo(JsonSerialize.class))
          .map(NativeConfigurationIT::using)
          .forEach(made::add);
    }
    assertThat(made).as("what is annotated").hasSizeGreaterThanOrEqualTo(3);
    assertThat(configuration.missing(made, EnumSet.of(CONSTRUCTORS))).isEmpty();
  }

  private static String using(JavaAnnotation<?> annotation) {
    return ((JavaClass) annotation.get("using").orElseThrow()).getName();
  }

  @Test
  void entitiesAreRegistered() {
    Set<String> entities = new TreeSet<>();
    for (JavaClass type : classes) {
      if (type.isAnnotatedWith(Entity.class) || type.isAnnotatedWith(Embeddable.class)) {
        entities.add(type.getName());
      }
    }
    assertThat(entities).isNotEmpty();
    assertThat(configuration.missing(entities, EnumSet.of(CONSTRUCTORS, METHODS, FIELDS)))
        .isEmpty();
  }

  @Test
  void resourcesAreFoundByTheirNames() throws IOException {
    Set<String> resources = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.endsWith(".class") && !OF_THE_BUILD.matcher(name).matches())
          .forEach(resources::add);
    }
    assertThat(resources).contains("providers/twilio.json", "db/migration/V1__roles.sql");
    assertThat(configuration.missingResources(resources)).isEmpty();
  }

  @Test
  void servicesThatAreLookedUpCanBeMade() throws IOException {
    Set<String> services = new TreeSet<>();
    try (Stream<Path> files = Files.list(CLASSES.resolve("META-INF").resolve("services"))) {
      for (Path file : files.toList()) {
        Files.readAllLines(file).stream()
            .map(line -> line.replaceFirst("#.*", "").trim())
            .filter(line -> !line.isEmpty())
            .forEach(services::add);
      }
    }
    assertThat(services).isNotEmpty();
    assertThat(configuration.missing(services, EnumSet.of(CONSTRUCTORS))).isEmpty();
  }
}
