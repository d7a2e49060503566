package io.fastyoke.integrations.templating;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The texts of JSONTestSuite (see the README of the vectors): what every parser takes, what none
 * does, and what each may decide.
 */
public final class JsonTestSuite {
  private static final Path FILE = Path.of("src/test/resources/vectors/json_parsing.txt");

  /** JSON that has two readings: of names that come twice, receivers take the one or the other. */
  private static final Set<String> AMBIGUOUS =
      Set.of("y_object_duplicated_key", "y_object_duplicated_key_and_value");

  private JsonTestSuite() {}

  /** What is to become of a text. */
  public enum Expected {
    TAKEN,
    REFUSED,
    EITHER
  }

  /** One text. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Case(String name, byte[] text) {
    /** What is to become of it here. */
    public Expected expected() {
      return switch (name.charAt(0)) {
        case 'y' -> AMBIGUOUS.contains(name) ? Expected.REFUSED : Expected.TAKEN;
        case 'n' -> Expected.REFUSED;
        default -> Expected.EITHER;
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them; the two that are large are made here. */
  public static Stream<Case> cases() {
    try {
      return Stream.concat(
          Files.readAllLines(FILE).stream().map(line -> line.split(" ", 2)).map(JsonTestSuite::of),
          Stream.of(
              new Case("n_structure_100000_opening_arrays", "[".repeat(100_000).getBytes(UTF_8)),
              new Case("n_structure_open_array_object", "[{\"\":".repeat(50_000).getBytes(UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case of(String[] nameAndText) {
    return new Case(nameAndText[0], Base64.getDecoder().decode(nameAndText[1]));
  }
}
