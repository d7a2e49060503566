package io.fastyoke.integrations.providers.description;

import io.fastyoke.integrations.providers.description.ProviderDescription.Field;
import io.fastyoke.integrations.vault.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the description of a field says about its value, and about each entry of a map or list. */
final class ValueRules {
  /**
   * White space outside ASCII, and what has no width, in UTF-8; copied texts bring it along unseen.
   */
  private static final String BLANK =
      "(?:\\xC2[\\x85\\xA0]|\\xE1\\x9A\\x80|\\xE2\\x80[\\x80-\\x8B\\xA8\\xA9\\xAF]|\\xE2\\x81\\x9F"
          + "|\\xE3\\x80\\x80|\\xEF\\xBB\\xBF)";

  private static final Pattern PADDED = Pattern.compile("\\A" + BLANK + "|" + BLANK + "\\z");

  private final Map<String, Pattern> patterns = new HashMap<>();

  ValueRules(List<Field> fields) {
    compile(fields);
  }

  private void compile(List<Field> fields) {
    for (Field field : fields) {
      Stream.of(field.pattern(), field.namePattern())
          .filter(Objects::nonNull)
          .forEach(pattern -> patterns.computeIfAbsent(pattern, Pattern::compile));
      compile(field.parts());
    }
  }

  /** What is wrong with one text, or null. Patterns see the bytes of UTF-8 as characters. */
  @Nullable String problem(Field field, Secret value) {
    int fewest = field.minLength() == null ? 1 : field.minLength();
    if (value.length() == 0) {
      return fewest > 0 ? "must not be empty" : null;
    }
    int characters = value.characters();
    int most = Objects.requireNonNull(field.maxLength());
    if (characters > most) {
      return "must have at most " + most + " characters";
    }
    if (characters < fewest) {
      return "must have at least " + fewest + " characters";
    }
    if (field.options() != null && !field.options().contains(value.asPublicText())) {
      return "must be one of " + String.join(", ", field.options());
    }
    CharSequence text = value.asciiForHeader();
    if (!fits(field.pattern(), text)) {
      return "must be " + field.format();
    }
    return PADDED.matcher(text).find() ? "must be without white space at either end" : null;
  }

  /** What is wrong with a name in a map, or null. */
  @Nullable String problemWithName(Field field, String name) {
    return fits(field.namePattern(), name) ? null : "must have a name of " + field.nameFormat();
  }

  private boolean fits(@Nullable String pattern, CharSequence text) {
    return pattern == null || Objects.requireNonNull(patterns.get(pattern)).matcher(text).matches();
  }

  /** In what form the value of a field is given, to stand after "must be". */
  static String shapeOf(Field field) {
    return switch (field.type()) {
      case MAP -> "an object of names and strings";
      case LIST -> "a list of strings";
      case OBJECT ->
          "an object with "
              + field.parts().stream().map(Field::name).collect(Collectors.joining(", "));
      default -> "a string";
    };
  }

  /** What is wrong with the number of entries, or null. */
  static @Nullable String problemWithCount(Field field, int entries) {
    if (field.type() == ProviderDescription.Type.LIST && entries == 0) {
      return "must not be empty";
    }
    Integer most = field.maxEntries();
    return most != null && entries > most ? "must have at most " + most + " entries" : null;
  }
}
