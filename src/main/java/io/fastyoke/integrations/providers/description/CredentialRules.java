package io.fastyoke.integrations.providers.description;

import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.description.CredentialPath.Kind;
import io.fastyoke.integrations.providers.description.ProviderDescription.Choice;
import io.fastyoke.integrations.providers.description.ProviderDescription.Field;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.CredentialsShape;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks credentials against a provider's description: shape, names, single values, what is
 * missing, and what excludes or needs each other. Never quotes a value.
 */
public final class CredentialRules {
  private static final String ROOT = "credentials";

  private final ProviderDescription description;
  private final ValueRules values;

  /** The rules of one provider. */
  public CredentialRules(ProviderDescription description) {
    this.description = description;
    this.values = new ValueRules(description.fields());
  }

  /**
   * A problem.
   *
   * @param field its path below {@code credentials}; empty for the whole
   */
  public static FieldProblem problem(String field, String message) {
    return new FieldProblem(field.isEmpty() ? ROOT : ROOT + "." + field, message);
  }

  /** All that is wrong with credentials; fields begin with {@code credentials}. */
  public List<FieldProblem> check(Credentials credentials) {
    String whole = credentials.shapeErrors().get("");
    return whole == null
        ? List.copyOf(new Check(credentials).problems())
        : List.of(problem("", whole));
  }

  /** One check: the problems so far, and which fields were given. */
  private final class Check {
    private final Credentials credentials;
    private final CredentialsShape shape;
    private final Map<String, Integer> entries = new HashMap<>();
    private final Set<String> given = new LinkedHashSet<>();
    private final Set<FieldProblem> problems = new LinkedHashSet<>();

    Check(Credentials credentials) {
      this.credentials = credentials;
      this.shape = credentials.shape();
    }

    Set<FieldProblem> problems() {
      shape.errors().forEach((path, message) -> at(path, Given.OTHER, message));
      shape.objects().forEach(path -> at(path, Given.OBJECT, null));
      shape.lists().forEach(path -> at(path, Given.LIST, null));
      credentials.names().forEach(path -> at(path, Given.TEXT, null));
      complete(description.fields(), "");
      exclusive();
      together();
      return problems;
    }

    /**
     * Judges what is at a path.
     *
     * @param message what the reader found wrong with it
     */
    private void at(String path, Given what, @Nullable String message) {
      CredentialPath place = CredentialPath.of(description, path);
      String dotted = shape.dotted().get(path);
      Field field = place.field();
      if (field == null || (dotted != null && !dotted.equals(place.parent()))) {
        unknown(path, place, dotted);
        return;
      }
      given(place.name());
      if (place.kind() == Kind.FIELD) {
        add(place.shown(), wrongWhole(field, path, what, message));
      } else if (place.kind() == Kind.TOO_DEEP || isAnotherShape(field, place.name())) {
        add(place.name(), "must be " + ValueRules.shapeOf(field));
      } else {
        add(place.shown(), wrongEntry(field, place, path, what, message));
      }
    }

    private void unknown(String path, CredentialPath place, @Nullable String dotted) {
      if (dotted != null) {
        String owner = dotted.substring(dotted.lastIndexOf('.') + 1);
        add(path, "is not a field of " + (owner.isEmpty() ? description.name() : owner));
      } else if (!shape.lists().contains(place.parent())) {
        add(place.name(), "is not a field of " + place.owner());
      }
    }

    private @Nullable String wrongWhole(
        Field field, String path, Given what, @Nullable String message) {
      Given expected = Given.expected(field);
      if (what == Given.OTHER && (expected == Given.TEXT || isGivenTwice(path))) {
        return message;
      }
      if (what != expected) {
        return "must be " + ValueRules.shapeOf(field);
      }
      return what == Given.TEXT ? values.problem(field, credentials.get(path).orElseThrow()) : null;
    }

    private boolean isGivenTwice(String path) {
      return shape.objects().contains(path) || shape.lists().contains(path);
    }

    private @Nullable String wrongEntry(
        Field field, CredentialPath place, String path, Given what, @Nullable String message) {
      boolean deeper =
          field.type() == ProviderDescription.Type.LIST
              && path.indexOf('.', place.name().length() + 1) > 0;
      if (!deeper) {
        entries.merge(place.name(), 1, Integer::sum);
      }
      String name =
          field.type() == ProviderDescription.Type.MAP
              ? values.problemWithName(field, path.substring(place.name().length() + 1))
              : null;
      if (name != null || message != null) {
        return name != null ? name : message;
      }
      return what == Given.TEXT && !deeper
          ? values.problem(field, credentials.get(path).orElseThrow())
          : "must be a string";
    }

    /** Whether an object was given for a list, or the other way round. */
    private boolean isAnotherShape(Field field, String path) {
      return (field.type() == ProviderDescription.Type.LIST ? shape.objects() : shape.lists())
          .contains(path);
    }

    /** A field is given, and so are the objects around it. */
    private void given(String path) {
      given.add(path);
      for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
        given.add(path.substring(0, dot));
      }
    }

    /** What is missing, and lists and maps of the wrong size. */
    private void complete(List<Field> fields, String above) {
      for (Field field : fields) {
        String path = above + field.name();
        if (!given.contains(path)) {
          add(path, field.required() ? "is required" : null);
        } else if (field.type() == ProviderDescription.Type.OBJECT) {
          complete(isMisfit(path) ? List.of() : field.parts(), path + ".");
        } else if (!isMisfit(path)) {
          add(path, ValueRules.problemWithCount(field, entries.getOrDefault(path, 0)));
        }
      }
    }

    private boolean isMisfit(String path) {
      return problems.stream().anyMatch(p -> p.field().equals(ROOT + "." + path));
    }

    private void exclusive() {
      List<Choice> choices = description.atMostOneOf();
      for (Choice choice : choices == null ? List.<Choice>of() : choices) {
        List<String> both = choice.fields().stream().filter(given::contains).toList();
        for (String name : both.subList(Math.min(1, both.size()), both.size())) {
          add(name, "cannot be given together with " + both.get(0) + "; give one");
        }
      }
    }

    private void together() {
      List<List<String>> groups = description.together();
      for (List<String> group : groups == null ? List.<List<String>>of() : groups) {
        String one = group.stream().filter(given::contains).findFirst().orElse(null);
        for (String name : one == null ? List.<String>of() : group) {
          add(name, given.contains(name) ? null : "is required together with " + one);
        }
      }
    }

    private void add(String path, @Nullable String message) {
      if (message != null) {
        problems.add(problem(path, message));
      }
    }
  }

  /** What was given at a path. */
  private enum Given {
    TEXT,
    OBJECT,
    LIST,
    OTHER;

    static Given expected(Field field) {
      return switch (field.type()) {
        case MAP, OBJECT -> OBJECT;
        case LIST -> LIST;
        default -> TEXT;
      };
    }
  }
}
