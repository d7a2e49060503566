package io.fastyoke.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat model points at tests; a pointer into nothing would be worse than none. */
class ThreatModelTest {
  private static final Path DOCUMENT = Path.of("docs", "threat-model.md");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");
  private static final String TEST =
      "(?s)@(Test|ParameterizedTest|Property|TestFactory|ArchTest)\\b[^;{}]*?\\b%s\\b\\s*[(=]";

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

  @Test
  void everyNamedTestExists() throws IOException {
    List<String> missing =
        NAMED
            .matcher(Files.readString(DOCUMENT))
            .results()
            .filter(name -> !exists(name.group(1), name.group(2)))
            .map(name -> name.group())
            .toList();
    assertThat(missing).isEmpty();
  }

  private static boolean exists(String type, String member) {
    Pattern test = Pattern.compile(TEST.formatted(member));
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .anyMatch(file -> test.matcher(read(file)).find());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      // Values of annotations may contain what ends a declaration.
      return Files.readString(file).replaceAll("\"(\\\\.|[^\"\\\\\\n])*\"", "\"\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
