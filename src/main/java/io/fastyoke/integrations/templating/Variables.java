package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values that placeholders name, by root: {@code job}, {@code tenant}, {@code transition},
 * {@code context}, {@code actor}, {@code run}, {@code delivery}, {@code actions}.
 *
 * <p>Holds the given trees, not copies of them: they must not be changed afterwards. Rendering
 * never changes them and never hands out a part that could be changed.
 */
public final class Variables {
  // No leading zeros: an element has one name.
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final ObjectNode roots;
  private final Function<String, @Nullable JsonNode> standIns;
  private final Predicate<String> hidden;

  private Variables(
      ObjectNode roots, Function<String, @Nullable JsonNode> standIns, Predicate<String> hidden) {
    this.roots = roots;
    this.standIns = standIns;
    this.hidden = hidden;
  }

  /** Variables with each field of an object as a root. */
  public static Variables of(ObjectNode roots) {
    return new Variables(roots, path -> null, path -> false);
  }

  /**
   * These variables, and for those that are not there what a function has for their path; null for
   * nothing.
   */
  public Variables orElse(Function<String, @Nullable JsonNode> others) {
    return new Variables(roots, others, hidden);
  }

  /** These variables but for those whose path is one of these; what is below them stays. */
  public Variables without(Predicate<String> paths) {
    return new Variables(roots, standIns, paths);
  }

  /** These variables and one more root, which replaces one of the same name. */
  public Variables with(String root, JsonNode value) {
    ObjectNode more = JsonNodeFactory.instance.objectNode();
    more.setAll(roots);
    more.set(root, value);
    return new Variables(more, standIns, hidden);
  }

  /**
   * Finds a value.
   *
   * @param path dotted; a step is a key of an object or the index of an array's element, from 0
   * @return the value, which may be a JSON null; null if there is none, also if the root is unknown
   */
  public @Nullable JsonNode lookup(String path) {
    if (hidden.test(path)) {
      return null;
    }
    JsonNode value = roots;
    for (String step : path.split("\\.", -1)) {
      value = step(value, step);
      if (value == null) {
        return standIns.apply(path);
      }
    }
    return value;
  }

  private static @Nullable JsonNode step(JsonNode from, String step) {
    if (from instanceof ArrayNode array) {
      return INDEX.matcher(step).matches() ? array.get(Integer.parseInt(step)) : null;
    }
    return from.get(step);
  }
}
