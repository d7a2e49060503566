package io.fastyoke.integrations.settings;

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

  /** {@code true} or {@code false}. */
  record Flag() implements SettingType {
    @Override
    public String read(String name, String value) {
      String lower = value.toLowerCase(Locale.ROOT);
      if (!lower.equals("true") && !lower.equals("false")) {
        throw new SettingRefused(name + " is either true or false.");
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

  /** A number of bytes; K, M and G stand for powers of 1024. */
  record ByteSize(long min, long max) implements SettingType {
    private static final Pattern FORM =
        Pattern.compile("([0-9]{1,10})\\s*([KMG]?)(?:I?B)?", Pattern.CASE_INSENSITIVE);

    @Override
    public String read(String name, String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw refused(name, "is not a size");
      }
      int power = " KMG".indexOf((matcher.group(2) + " ").toUpperCase(Locale.ROOT).charAt(0));
      long bytes = Long.parseLong(matcher.group(1)) << (10 * power);
      if (bytes < min || bytes > max) {
        throw refused(name, "is out of range");
      }
      return Long.toString(bytes);
    }

    private SettingRefused refused(String name, String problem) {
      return new SettingRefused(
          "%s %s: it takes bytes such as 1048576, 1024K or 1M, from %d to %d."
              .formatted(name, problem, min, max));
    }
  }

  /** A duration in seconds, or with a unit, such as 30s, 10m or 1h. */
  record Time(long minSeconds, long maxSeconds) implements SettingType {
    private static final Pattern FORM =
        Pattern.compile("([0-9]{1,9})\\s*([SMH]?)", Pattern.CASE_INSENSITIVE);

    @Override
    public String read(String name, String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw refused(name, "is not a time");
      }
      long seconds =
          Long.parseLong(matcher.group(1))
              * switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
                case "M" -> 60;
                case "H" -> 3600;
                default -> 1;
              };
      if (seconds < minSeconds || seconds > maxSeconds) {
        throw refused(name, "is out of range");
      }
      return "PT" + seconds + "S";
    }

    private SettingRefused refused(String name, String problem) {
      return new SettingRefused(
          "%s %s: it takes a time such as 90s, 30m or 1h, from %ds to %ds."
              .formatted(name, problem, minSeconds, maxSeconds));
    }
  }
}
