package io.fastyoke.integrations.providers.description;

import io.fastyoke.integrations.providers.description.ProviderDescription.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a path below {@code credentials} stands for in a provider's description.
 *
 * @param kind whether the path is a field, one of its entries, below a text, or nothing
 * @param field the field; null for what is unknown
 * @param name the path of the field (of the part that is unknown), with dots
 * @param shown the path as people read it: items of a list are in brackets
 * @param parent the path of the object or list that holds it
 * @param owner the name of what has the fields among which it was looked for
 */
record CredentialPath(
    Kind kind, @Nullable Field field, String name, String shown, String parent, String owner) {
  /** Where a path ends. */
  enum Kind {
    /** At a field. */
    FIELD,
    /** At an entry of a map or list. */
    ENTRY,
    /** Below what has no parts. */
    TOO_DEEP,
    /** At a name that the description does not have. */
    UNKNOWN
  }

  static CredentialPath of(ProviderDescription description, String path) {
    List<Field> fields = description.fields();
    String owner = description.name();
    for (int from = 0; ; ) {
      int dot = path.indexOf('.', from);
      String name = dot < 0 ? path : path.substring(0, dot);
      String parent = from == 0 ? "" : path.substring(0, from - 1);
      Field field = find(fields, name.substring(from));
      if (field == null) {
        return new CredentialPath(Kind.UNKNOWN, null, name, name, parent, owner);
      }
      if (dot < 0) {
        return new CredentialPath(Kind.FIELD, field, name, name, parent, owner);
      }
      if (field.type() != ProviderDescription.Type.OBJECT) {
        return below(field, name, path.substring(dot + 1), owner);
      }
      fields = field.parts();
      owner = field.name();
      from = dot + 1;
    }
  }

  private static CredentialPath below(Field field, String name, String rest, String owner) {
    return switch (field.type()) {
      case MAP -> new CredentialPath(Kind.ENTRY, field, name, name + "." + rest, name, owner);
      case LIST -> new CredentialPath(Kind.ENTRY, field, name, item(name, rest), name, owner);
      default -> new CredentialPath(Kind.TOO_DEEP, field, name, name, name, owner);
    };
  }

  private static String item(String name, String rest) {
    int dot = rest.indexOf('.');
    return name + "[" + (dot < 0 ? rest : rest.substring(0, dot)) + "]";
  }

  private static @Nullable Field find(List<Field> fields, String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }
}
