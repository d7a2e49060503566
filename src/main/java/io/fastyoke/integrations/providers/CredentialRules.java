package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.ProviderDescription.Field;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks credentials against a provider's description, one field at a time. Never quotes them. */
final class CredentialRules {
  private static final String ROOT = "credentials";

  private final ProviderDescription description;
  private final Map<String, Pattern> patterns = new HashMap<>();

  CredentialRules(ProviderDescription description) {
    this.description = description;
    for (Field field : description.fields()) {
      if (field.pattern() != null) {
        patterns.put(field.name(), Pattern.compile(field.pattern()));
      }
    }
  }

  static FieldProblem problem(String field, String message) {
    return new FieldProblem(field.isEmpty() ? ROOT : ROOT + "." + field, message);
  }

  List<FieldProblem> check(Credentials credentials) {
    Set<FieldProblem> problems = new LinkedHashSet<>();
    credentials.shapeErrors().forEach((path, message) -> problems.add(misfit(path, message)));
    for (String name : credentials.names()) {
      Secret value = credentials.get(name).orElseThrow();
      String message = problemWith(name, value);
      if (message != null) {
        problems.add(problem(fieldToName(name), message));
      }
    }
    if (!credentials.shapeErrors().containsKey("")) {
      missing(credentials).forEach(name -> problems.add(problem(name, "is required")));
    }
    return List.copyOf(problems);
  }

  private FieldProblem misfit(String path, String message) {
    Optional<Field> field = description.field(baseOf(path));
    if (path.isEmpty()) {
      return problem(path, message);
    }
    if (field.isEmpty()) {
      return problem(baseOf(path), unknown());
    }
    boolean wholeMap =
        field.get().type() == ProviderDescription.Type.MAP && path.equals(field.get().name());
    return problem(path, wholeMap ? "must be an object of names and strings" : message);
  }

  private @Nullable String problemWith(String name, Secret value) {
    Optional<Field> field = description.field(baseOf(name));
    if (field.isEmpty()) {
      return unknown();
    }
    boolean entry = name.length() > field.get().name().length();
    if (entry != (field.get().type() == ProviderDescription.Type.MAP)) {
      return entry ? "must be a string" : "must be an object of names and strings";
    }
    return problemWith(field.get(), value);
  }

  private @Nullable String problemWith(Field field, Secret value) {
    if (value.length() == 0) {
      return "must not be empty";
    }
    if (value.length() > field.maxLength()) {
      return "must have at most " + field.maxLength() + " characters";
    }
    if (field.options() != null && !field.options().contains(value.asPublicText())) {
      return "must be one of " + String.join(", ", field.options());
    }
    Pattern pattern = patterns.get(field.name());
    boolean fits = pattern == null || pattern.matcher(value.asciiForHeader()).matches();
    return fits ? null : "must be " + field.format();
  }

  private List<String> missing(Credentials credentials) {
    List<String> missing = new ArrayList<>();
    for (Field field : description.fields()) {
      String name = field.name();
      boolean tried =
          credentials.names().stream().anyMatch(given -> baseOf(given).equals(name))
              || credentials.shapeErrors().keySet().stream().anyMatch(p -> baseOf(p).equals(name));
      if (field.required() && !tried) {
        missing.add(name);
      }
    }
    return missing;
  }

  private String unknown() {
    return "is not a field of " + description.name();
  }

  /** An object in the place of a text is wrong as a whole, not by its entries. */
  private String fieldToName(String name) {
    boolean map =
        description
            .field(baseOf(name))
            .map(f -> f.type() == ProviderDescription.Type.MAP)
            .orElse(false);
    return map ? name : baseOf(name);
  }

  private static String baseOf(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
