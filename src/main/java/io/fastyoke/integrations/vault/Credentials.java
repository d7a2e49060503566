package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The credentials of one connection: field names to secrets. Closing wipes all of them. For one
 * user at a time.
 *
 * <p>The value of a field with several entries (the {@code headers} of {@code generic_rest}) is
 * kept as one field per entry, named {@code headers.<Name>}.
 */
@JsonDeserialize(using = CredentialsDeserializer.class)
@JsonSerialize(using = NeverWritten.class)
public final class Credentials implements AutoCloseable {
  private final Map<String, Secret> fields;
  private final Map<String, String> misfits;
  private final List<Secret> derived = new ArrayList<>();

  /** Takes ownership of the secrets. */
  public Credentials(Map<String, Secret> fields) {
    this(fields, Map.of());
  }

  Credentials(Map<String, Secret> fields, Map<String, String> misfits) {
    this.fields = new LinkedHashMap<>(fields);
    this.misfits = Collections.unmodifiableMap(new LinkedHashMap<>(misfits));
  }

  /** The names of the fields that are present, in the order in which they were given. */
  public Set<String> names() {
    return Collections.unmodifiableSet(fields.keySet());
  }

  /** A field's secret, if present. */
  public Optional<Secret> get(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  /**
   * What a request gave in a shape that no field can have: the path below {@code credentials}
   * (empty for the whole) to what is wrong with it, for people. Such credentials are not sealed.
   */
  public Map<String, String> misfits() {
    return misfits;
  }

  /**
   * Keeps what was made from these secrets, so that it is wiped with them.
   *
   * @return the same secret
   */
  public Secret keep(Secret made) {
    derived.add(made);
    return made;
  }

  /** What was made of these secrets so far: header values and signatures. */
  public List<Secret> made() {
    return Collections.unmodifiableList(derived);
  }

  @Override
  public void close() {
    fields.values().forEach(Secret::close);
    derived.forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "Credentials" + fields.keySet();
  }
}
