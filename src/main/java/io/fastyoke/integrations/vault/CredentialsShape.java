package io.fastyoke.integrations.vault;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How the credentials of a request were nested. All are paths below {@code credentials}, with dots
 * between their parts and items of a list by number from 0.
 *
 * @param errors paths to messages; the empty path is the whole
 * @param objects the paths at which an object was given
 * @param lists the paths at which a list was given
 * @param dotted paths whose last part has a dot itself, to the path above them: only there {@code
 *     {"a.b": …}} can be told from {@code {"a": {"b": …}}}
 */
public record CredentialsShape(
    Map<String, String> errors,
    Set<String> objects,
    Set<String> lists,
    Map<String, String> dotted) {
  static final CredentialsShape PLAIN =
      new CredentialsShape(Map.of(), Set.of(), Set.of(), Map.of());

  /** Copies all of them, in their order. */
  public CredentialsShape {
    errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
    objects = Collections.unmodifiableSet(new LinkedHashSet<>(objects));
    lists = Collections.unmodifiableSet(new LinkedHashSet<>(lists));
    dotted = Map.copyOf(dotted);
  }
}
