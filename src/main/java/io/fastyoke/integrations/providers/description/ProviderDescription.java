package io.fastyoke.integrations.providers.description;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
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
 * @param atMostOneOf fields of which at most one may be given; null where there are none
 * @param together groups of fields that are given all or not at all; null where there are none
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderDescription(
    String name,
    String title,
    String help,
    List<Field> fields,
    @Nullable List<List<String>> alternatives,
    @JsonProperty("at_most_one_of") @Nullable List<Choice> atMostOneOf,
    @Nullable List<List<String>> together) {

  /** Copies the lists. */
  public ProviderDescription {
    fields = List.copyOf(fields);
    alternatives = alternatives == null ? null : List.copyOf(alternatives);
    atMostOneOf = atMostOneOf == null ? null : List.copyOf(atMostOneOf);
    together = together == null ? null : List.copyOf(together);
  }

  /**
   * Fields of which at most one may be given.
   *
   * @param label what the choice is about, for people
   * @param help what to choose, if that needs saying
   * @param fields their names
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Choice(String label, @Nullable String help, List<String> fields) {
    /** Copies the names. */
    public Choice {
      fields = List.copyOf(fields);
    }
  }

  /**
   * One field of {@code credentials}, or of a field that is an object. Flat because its JSON is;
   * only Jackson makes one.
   *
   * @param name its name in requests
   * @param type how its value is given
   * @param label its name for people
   * @param help where to find the value and what it does
   * @param required whether it must be given; a provider can have rules between fields besides
   * @param secret whether to hide it while it is typed
   * @param pattern a regular expression for the whole value (of each entry, in a map or list), in
   *     the subset that Java and JavaScript share
   * @param format the pattern in words, to stand after "must be"
   * @param minLength the fewest characters of a value; null is one
   * @param maxLength the most characters of a value; null for an object only
   * @param maxEntries the most entries of a map or list; null is no limit here
   * @param namePattern a regular expression for the names in a map
   * @param nameFormat the pattern of names in words, to stand after "a name of"
   * @param placeholder an example, if one helps
   * @param options the values of a choice
   * @param fields the fields of an object
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
      @JsonProperty("min_length") @Nullable Integer minLength,
      @JsonProperty("max_length") @Nullable Integer maxLength,
      @JsonProperty("max_entries") @Nullable Integer maxEntries,
      @JsonProperty("name_pattern") @Nullable String namePattern,
      @JsonProperty("name_format") @Nullable String nameFormat,
      @Nullable String placeholder,
      @Nullable List<String> options,
      @Nullable List<Field> fields) {

    /**
     * @throws IllegalArgumentException for a text without a limit, or an object without fields
     */
    public Field {
      if ((type == Type.OBJECT) != (maxLength == null)
          || (type == Type.OBJECT) != (fields != null)) {
        throw new IllegalArgumentException(name + ": max_length or fields");
      }
      fields = fields == null ? null : List.copyOf(fields);
    }

    /** The fields of an object; none for what is not one. */
    public List<Field> parts() {
      return fields == null ? List.of() : fields;
    }
  }

  /** How a value is given. */
  public enum Type {
    /** A text. */
    @JsonProperty("string")
    STRING,
    /** A text of several lines, such as PEM. */
    @JsonProperty("text")
    TEXT,
    /** An absolute URL. */
    @JsonProperty("url")
    URL,
    /** One of the options. */
    @JsonProperty("choice")
    CHOICE,
    /** An object of names and texts, which the tenant chooses. */
    @JsonProperty("map")
    MAP,
    /** A list of one or more texts. */
    @JsonProperty("list")
    LIST,
    /** An object of fields of its own. */
    @JsonProperty("object")
    OBJECT
  }
}
