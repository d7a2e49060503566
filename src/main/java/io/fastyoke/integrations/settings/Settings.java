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
 * The settings as they were given. White space around a value is no part of it ({@link
 * SettingText}).
 */
public final class Settings {
  private static final String FILE = "_FILE";

  /** Names that begin like ours and are nearly one of them are slips; shorter ones are not ours. */
  private static final Set<String> OWN =
      Set.of("DATABASE_", "ENCRYPTION_", "JWT_", "EGRESS_", "WORKER_", "REQUEST_MAX_", "RUN_RET");

  private static final int SLIP = 2;

  /** Kubernetes tells every container of services, under their names. */
  private static final Pattern OF_ORCHESTRATORS = Pattern.compile("_(SERVICE|PORT|TCP)(_|$)");

  private final UnaryOperator<@Nullable String> given;
  private final Set<String> names;

  /**
   * @param names of what is given
   */
  Settings(Set<String> names, UnaryOperator<@Nullable String> given) {
    this.names = names;
    this.given = given;
  }

  /** Those of this process: its system properties, and behind them its environment. */
  public static Settings ofThisProcess() {
    Set<String> names = new TreeSet<>(System.getenv().keySet());
    names.addAll(System.getProperties().stringPropertyNames());
    return new Settings(names, name -> System.getProperty(name, System.getenv(name)));
  }

  /**
   * A setting's value.
   *
   * @param name one of the catalogue
   * @return empty when it is not set, or set to nothing
   * @throws SettingRefused when it may not be that, or its file cannot be read
   */
  public Optional<String> get(String name) {
    return Catalogue.ALL.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .flatMap(this::read);
  }

  /**
   * Reads all of them.
   *
   * @return one line for each name that looks like a slip of somebody who has set the right one too
   * @throws SettingRefused at the first that may not be what it is
   */
  public List<String> check() {
    Catalogue.ALL.forEach(this::read);
    return slips();
  }

  /**
   * What the rest of the service has to read instead of what was given, by the names under which it
   * reads: the environment's, and the properties'. Keys in files are left to the vault, which keeps
   * them out of the configuration.
   *
   * @throws SettingRefused as {@link #check}
   */
  Map<String, String> corrections() {
    Map<String, String> all = new HashMap<>();
    for (Setting setting : Catalogue.ALL) {
      String raw = given.apply(setting.name());
      boolean inFile = setting.secret() && isSet(setting.name() + FILE);
      if ((raw == null && !inFile) || (inFile && setting.name().startsWith("ENCRYPTION_"))) {
        continue;
      }
      String value = read(setting).or(() -> Optional.ofNullable(setting.otherwise())).orElse("");
      if (!value.equals(raw) || (setting.secret() && value.indexOf('$') >= 0)) {
        // A dollar would begin an expression (MicroProfile Config); two of them are one.
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
    String text = value == null ? "" : SettingText.bare(value);
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
    String file = SettingText.bare(String.valueOf(given.apply(name)));
    try {
      return SettingText.ofFile(Path.of(file));
    } catch (SettingText.NotOne e) {
      throw new SettingRefused("%s names a file that %s: %s".formatted(name, e.problem(), file));
    } catch (IOException | InvalidPathException e) {
      throw new SettingRefused("%s names a file that cannot be read: %s".formatted(name, file));
    }
  }

  /**
   * A range that was meant to be closed, or a key that was meant to be used, must not be missed.
   */
  private List<String> slips() {
    Set<String> known =
        Catalogue.ALL.stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new));
    Catalogue.ALL.stream()
        .filter(Setting::secret)
        .forEach(setting -> known.add(setting.name() + FILE));
    List<String> warnings = new ArrayList<>();
    for (String name : names) {
      if (known.contains(name) || OWN.stream().noneMatch(name::startsWith) || !isSet(name)) {
        continue;
      }
      String meant = known.stream().min(Comparator.comparingInt(k -> distance(k, name))).get();
      if (distance(meant, name) > SLIP) {
        if (name.startsWith("EGRESS_") && !OF_ORCHESTRATORS.matcher(name).find()) {
          warnings.add(name + " is not a setting.");
        }
        continue;
      }
      String line = "%s is not a setting: %s is.".formatted(name, meant);
      if (!isSet(meant)) {
        throw new SettingRefused(line);
      }
      warnings.add(line);
    }
    return warnings;
  }

  /** Characters to insert, to leave out or to exchange (Levenshtein). */
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
