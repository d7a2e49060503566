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
 * The credentials of one connection: field names to secrets. Closing wipes all of them. Not
 * thread-safe.
 *
 * <p>A field with parts is stored as one field per part, named by its path: {@code basic.password},
 * {@code headers.<Name>}, {@code signing_secrets.0}.
 */
@JsonDeserialize(using = CredentialsDeserializer.class)
@JsonSerialize(using = RefusingSerializer.class)
public final class Credentials implements AutoCloseable {
  private final Map<String, Secret> fields;
  private final CredentialsShape shape;
  private final List<Secret> derived = new ArrayList<>();

  /** Takes ownership of the secrets. */
  public Credentials(Map<String, Secret> fields) {
    this(fields, CredentialsShape.PLAIN);
  }

  Credentials(Map<String, Secret> fields, CredentialsShape shape) {
    this.fields = new LinkedHashMap<>(fields);
    this.shape = shape;
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
   * Errors in the shape of a request's credentials: the path below {@code credentials} (empty for
   * the whole) to a message. Credentials with such errors are never sealed.
   */
  public Map<String, String> shapeErrors() {
    return shape.errors();
  }

  /** What was around the texts in a request; {@link CredentialsShape#PLAIN} when sealed before. */
  public CredentialsShape shape() {
    return shape;
  }

  /** The names directly below a field with parts, in the order in which they were given. */
  public List<String> entries(String field) {
    List<String> entries = new ArrayList<>();
    for (String name : fields.keySet()) {
      if (name.length() > field.length()
          && name.charAt(field.length()) == '.'
          && name.startsWith(field)) {
        entries.add(name.substring(field.length() + 1));
      }
    }
    return entries;
  }

  /**
   * Registers a secret that was derived from these, so that closing wipes it, too.
   *
   * @return the same secret
   */
  public Secret track(Secret secret) {
    derived.add(secret);
    return secret;
  }

  /** The secrets derived from these so far: header values and signatures. */
  public List<Secret> derived() {
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
