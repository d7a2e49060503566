package io.fastyoke.integrations.vault;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The opened credentials of one connection: field names to secrets. Closing wipes all of them.
 *
 * <p>The value of a field with several entries (the {@code headers} of {@code generic_rest}) is
 * kept as one field per entry, named {@code headers.<Name>}.
 */
public final class Credentials implements AutoCloseable {
  private final Map<String, Secret> fields;

  /** Takes ownership of the secrets. */
  public Credentials(Map<String, Secret> fields) {
    this.fields = new LinkedHashMap<>(fields);
  }

  /** The names of the fields that are present, in the order in which they were given. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** A field's secret, if present. */
  public Optional<Secret> get(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  @Override
  public void close() {
    fields.values().forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "Credentials" + fields.keySet();
  }
}
