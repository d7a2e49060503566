package io.fastyoke.integrations.settings;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and validates the settings. Surrounding white space is not part of a value ({@link
 * SettingText}).
 */
public final class Settings {
  /** Where traces go; they are off without it. */
  static final String TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static final String FILE = "_FILE";

  /** Prefixes of our names. A variable with one of them and a name close to ours is a typo. */
  private static final Set<String> PREFIXES =
      Set.of("DATABASE_", "ENCRYPTION_", "JWT_", "EGRESS_", "WORKER_", "REQUEST_MAX_", "RUN_RET");

  private static final int MAX_TYPO_DISTANCE = 2;

  /** Variables that Kubernetes sets in each container, named after services. */
  private static final Pattern KUBERNETES_SERVICE = Pattern.compile("_(SERVICE|PORT|TCP)(_|$)");

  private final UnaryOperator<@Nullable String> given;
  private final Set<String> names;

  /**
   * @param names of all variables and properties
   */
  Settings(Set<String> names, UnaryOperator<@Nullable String> given) {
    this.names = names;
    this.given = given;
  }

  /** The settings of this process: system properties first, then the environment. */
  public static Settings ofThisProcess() {
    Set<String> names = new TreeSet<>(System.getenv().keySet());
    names.addAll(System.getProperties().stringPropertyNames());
    return new Settings(names, name -> System.getProperty(name, System.getenv(name)));
  }

  /**
   * A setting's value.
   *
   * @param name of a setting in the {@link Catalogue}
   * @return empty if it is not set or blank
   * @throws SettingRefused if the value is invalid, or its file cannot be read
   */
  public Optional<String> get(String name) {
    return Catalogue.ALL.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .flatMap(this::read);
  }

  /**
   * Validates all settings.
   *
   * @return a warning for each variable that looks like a typo, while the setting itself is set,
   *     too
   * @throws SettingRefused for the first invalid setting
   */
  public List<String> check() {
    Catalogue.ALL.forEach(this::read);
    return typos();
  }

  /**
   * The normalized values that replace the given ones, by the names under which the service reads
   * them: of variables and of properties. Excludes encryption keys in files: the vault reads those,
   * to keep them out of the configuration.
   *
   * @throws SettingRefused as {@link #check}
   */
  Map<String, String> corrections() {
    Map<String, String> all = new HashMap<>();
    if (isSet(TRACES)) {
      all.put("quarkus.otel.sdk.disabled", "false");
    }
    for (Setting setting : Catalogue.ALL) {
      String raw = given.apply(setting.name());
      boolean inFile = setting.secret() && isSet(setting.name() + FILE);
      if ((raw == null && !inFile) || (inFile && setting.name().startsWith("ENCRYPTION_"))) {
        continue;
      }
      String value = read(setting).or(() -> Optional.ofNullable(setting.otherwise())).orElse("");
      if (!value.equals(raw) || (setting.secret() && value.indexOf('$') >= 0)) {
        // Escapes dollars, which would begin an expression (MicroProfile Config).
        String plain = value.replace("$", "$$");
        all.put(setting.name(), plain);
        if (setting.property() != null) {
          all.put(setting.property(), plain);
        }
      }
    }
    return all;
  }

  private boolean isSet(String name) {
    String value = given.apply(name);
    return value != null && !value.isBlank();
  }

  private Optional<String> read(Setting setting) {
    String value = given.apply(setting.name());
    String text = value == null ? "" : SettingText.strip(value);
    if (setting.secret() && isSet(setting.name() + FILE)) {
      if (!text.isEmpty()) {
        throw new SettingRefused(
            "%1$s and %1$s_FILE are both set: give one of them.".formatted(setting.name()));
      }
      text = contents(setting.name() + FILE);
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    SettingText.check(setting.name(), text);
    return Optional.of(setting.kind().read(setting.name(), text));
  }

  private String contents(String name) {
    String file = SettingText.strip(String.valueOf(given.apply(name)));
    try {
      return SettingText.ofFile(Path.of(file));
    } catch (SettingText.InvalidFile e) {
      throw new SettingRefused("%s names a file that %s: %s".formatted(name, e.problem(), file));
    } catch (IOException | InvalidPathException e) {
      throw new SettingRefused("%s names a file that cannot be read: %s".formatted(name, file));
    }
  }

  /** A typo must not silently leave a network range open or a key unused. */
  private List<String> typos() {
    Set<String> known =
        Catalogue.ALL.stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new));
    Catalogue.ALL.stream()
        .filter(Setting::secret)
        .forEach(setting -> known.add(setting.name() + FILE));
    List<String> warnings = new ArrayList<>();
    for (String name : names) {
      if (known.contains(name) || PREFIXES.stream().noneMatch(name::startsWith) || !isSet(name)) {
        continue;
      }
      String closest = known.stream().min(Comparator.comparingInt(k -> distance(k, name))).get();
      if (distance(closest, name) > MAX_TYPO_DISTANCE) {
        if (name.startsWith("EGRESS_") && !KUBERNETES_SERVICE.matcher(name).find()) {
          warnings.add(name + " is not a setting.");
        }
        continue;
      }
      String line = "%s is not a setting: %s is.".formatted(name, closest);
      if (!isSet(closest)) {
        throw new SettingRefused(line);
      }
      warnings.add(line);
    }
    return warnings;
  }

  /** The Levenshtein distance. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? diagonal : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
