package io.fastyoke.integrations.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type of a setting's value. */
sealed interface SettingType {
  /**
   * Normalizes the value for the rest of the service.
   *
   * @param value not empty, without surrounding white space
   * @throws SettingRefused if the value is not of this type
   */
  String read(String name, String value);

  /** Any text; the code that uses the setting validates it. */
  record AnyText() implements SettingType {
    @Override
    public String read(String name, String value) {
      return value;
    }
  }

  /** One of two words, in upper or lower case. */
  record Either(String one, String other) implements SettingType {
    @Override
    public String read(String name, String value) {
      String lower = value.toLowerCase(Locale.ROOT);
      if (!lower.equals(one) && !lower.equals(other)) {
        throw new SettingRefused("%s is either %s or %s.".formatted(name, one, other));
      }
      return lower;
    }
  }

  /** A whole number in a range, bounds included. */
  record Whole(long min, long max, String unit) implements SettingType {
    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,18}");

    @Override
    public String read(String name, String value) {
      if (!DIGITS.matcher(value).matches()) {
        throw refused(name, "is not a whole number");
      }
      long number = Long.parseLong(value);
      if (number < min || number > max) {
        throw refused(name, number < 0 ? "is negative" : "is out of range");
      }
      return Long.toString(number);
    }

    private SettingRefused refused(String name, String problem) {
      return new SettingRefused(
          "%s %s: it takes %s from %d to %d.".formatted(name, problem, unit, min, max));
    }
  }

  /** A number from 0 to 1, with or without a fraction. */
  record Share() implements SettingType {
    private static final Pattern FORM = Pattern.compile("[01]|0?\\.[0-9]{1,9}|1\\.0{1,9}");

    @Override
    public String read(String name, String value) {
      if (!FORM.matcher(value).matches()) {
        throw new SettingRefused(name + " is not a share: it takes a number from 0 to 1.");
      }
      return value;
    }
  }

  /** An absolute http or https URL, without a user. */
  record HttpAddress() implements SettingType {
    @Override
    public String read(String name, String value) {
      try {
        URI uri = new URI(value);
        if (uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
          return value;
        }
      } catch (URISyntaxException e) {
        // Said below, without quoting it.
      }
      throw new SettingRefused(
          name + " is not an address: it takes a URL such as http://collector:4317.");
    }
  }

  /** A number with an optional unit, bounds included in the smallest unit. */
  record Quantity(Units units, long min, long max) implements SettingType {
    @Override
    public String read(String name, String value) {
      Matcher matcher = units.form.matcher(value);
      if (!matcher.matches()) {
        throw refused(name, "is not a " + units.noun);
      }
      String unit = matcher.group(2).toUpperCase(Locale.ROOT);
      long number = Long.parseLong(matcher.group(1)) * units.factor(unit);
      if (number < min || number > max) {
        throw refused(name, "is out of range");
      }
      return units.normalized.formatted(number);
    }

    private SettingRefused refused(String name, String problem) {
      return new SettingRefused(
          "%s %s: it takes %s, from %d%s to %d%s."
              .formatted(name, problem, units.examples, min, units.smallest, max, units.smallest));
    }
  }

  /** The units of a {@link Quantity}. */
  enum Units {
    /** K, M and G stand for powers of 1024. */
    BYTES(
        "size",
        "([0-9]{1,10})\\s*([KMG]?)(?:I?B)?",
        "BKMG",
        1_024,
        "bytes such as 1048576, 1024K or 1M",
        "",
        "%d"),
    /** Seconds, or with a unit, such as 30s, 10m or 1h. */
    SECONDS(
        "time",
        "([0-9]{1,9})\\s*([SMH]?)",
        "SMH",
        60,
        "a time such as 90s, 30m or 1h",
        "s",
        "PT%dS");

    private final String noun;
    private final Pattern form;
    private final String letters;
    private final long step;
    private final String examples;
    private final String smallest;
    private final String normalized;

    Units(
        String noun,
        String form,
        String letters,
        long step,
        String examples,
        String smallest,
        String normalized) {
      this.noun = noun;
      this.form = Pattern.compile(form, Pattern.CASE_INSENSITIVE);
      this.letters = letters;
      this.step = step;
      this.examples = examples;
      this.smallest = smallest;
      this.normalized = normalized;
    }

    /** How many of the smallest unit this one is; each is {@code step} times the one before. */
    private long factor(String unit) {
      long factor = 1;
      for (int power = letters.indexOf(unit); power > 0; power--) {
        factor *= step;
      }
      return factor;
    }
  }
}
