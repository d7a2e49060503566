package io.fastyoke.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The threat model and the page on the fault suite point at tests, and the architecture at classes;
 * a pointer into nothing would be worse than none.
 */
class ThreatModelTest {
  private static final Path DOCUMENT = Path.of("docs", "threat-model.md");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");

  @Test
  void everyClaimNamesATest() throws IOException {
    List<String> claims =
        Files.readAllLines(DOCUMENT).stream()
            .dropWhile(line -> !line.startsWith("## Boundaries and claims"))
            .filter(line -> line.startsWith("| ") && !line.equals("| claim | test |"))
            .toList();
    assertThat(claims)
        .isNotEmpty()
        .allSatisfy(claim -> assertThat(NAMED.matcher(claim).find()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"threat-model.md", "fault-suite.md"})
  void everyNamedTestExists(String document) throws IOException {
    List<String> missing =
        NAMED
            .matcher(Files.readString(Path.of("docs", document)))
            .results()
            .filter(name -> members(name.group(1)).noneMatch(isTest(name.group(2))))
            .map(MatchResult::group)
            .toList();
    assertThat(missing).isEmpty();
  }

  /** Paths in the tables, and class names in parentheses. */
  @Test
  void everyClassThatTheArchitectureNamesExists() throws IOException {
    String document = Files.readString(Path.of("docs", "architecture.md"));
    Set<String> classes;
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      classes =
          files
              .map(file -> file.getParent().getFileName() + "/" + file.getFileName())
              .collect(Collectors.toSet());
    }
    assertThat(classes).containsAll(found("`(?:[a-z/]+/)?([a-z]+/[A-Z]\\w+\\.java)`", document));
    assertThat(classes.stream().map(name -> name.replaceFirst(".*/", "")))
        .containsAll(
            found("\\(`([A-Z]\\w*[a-z]\\w*)`", document).stream()
                .map(name -> name + ".java")
                .toList());
  }

  private static List<String> found(String pattern, String document) {
    List<String> names =
        Pattern.compile(pattern)
            .matcher(document)
            .results()
            .map(result -> result.group(1))
            .toList();
    assertThat(names).isNotEmpty();
    return names;
  }

  private static Predicate<AnnotatedElement> isTest(String name) {
    return member ->
        ((Member) member).getName().equals(name)
            && AnnotationSupport.isAnnotated(member, Testable.class);
  }

  /** Methods, and fields for the rules of ArchUnit. */
  private static Stream<AnnotatedElement> members(String type) {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .map(ThreatModelTest::load)
          .flatMap(
              test ->
                  Stream.of(test.getDeclaredMethods(), test.getDeclaredFields())
                      .flatMap(Stream::of))
          .map(AnnotatedElement.class::cast)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(Path file) {
    String name = TESTS.relativize(file).toString().replace('/', '.').replaceFirst("\\.java$", "");
    try {
      return Class.forName(name, false, ThreatModelTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
