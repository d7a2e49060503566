package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider needs to know from a tenant. The check of credentials and the web form both come
 * from it, and clients read it as it is.
 *
 * @param name the name in requests, such as {@code twilio}
 * @param title the name for people
 * @param help what the provider is for
 * @param fields the fields of {@code credentials}, in the order in which people fill them in
 * @param alternatives groups of fields of which exactly one has to be given, whole; null where
 *     there is no such choice
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderDescription(
    String name,
    String title,
    String help,
    List<Field> fields,
    @Nullable List<List<String>> alternatives) {

  /** Copies the lists. */
  public ProviderDescription {
    fields = List.copyOf(fields);
    alternatives = alternatives == null ? null : List.copyOf(alternatives);
  }

  /** The field of this name. */
  public Optional<Field> field(String fieldName) {
    return fields.stream().filter(field -> field.name().equals(fieldName)).findFirst();
  }

  /**
   * One field of {@code credentials}. Flat because its JSON is; only Jackson makes one.
   *
   * @param name its name in requests
   * @param type how its value is given
   * @param label its name for people
   * @param help where to find the value and what it does
   * @param required whether it must be given; a provider can have rules between fields besides
   * @param secret whether to hide it while it is typed
   * @param pattern a regular expression for the whole value (of each entry, in a map), in the
   *     subset that Java and JavaScript share
   * @param format the pattern in words, to stand after "must be"
   * @param maxLength the most characters of a value
   * @param placeholder an example, if one helps
   * @param options the values of a choice
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Field(
      String name,
      Type type,
      String label,
      String help,
      boolean required,
      boolean secret,
      @Nullable String pattern,
      @Nullable String format,
      @JsonProperty("max_length") int maxLength,
      @Nullable String placeholder,
      @Nullable List<String> options) {}

  /** How a value is given. */
  public enum Type {
    /** A text. */
    @JsonProperty("string")
    STRING,
    /** An absolute URL. */
    @JsonProperty("url")
    URL,
    /** One of the options. */
    @JsonProperty("choice")
    CHOICE,
    /** An object of names and texts. */
    @JsonProperty("map")
    MAP
  }
}
