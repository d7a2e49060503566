package io.fastyoke.integrations;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the artefact does in place of serving: the first argument of the jar and of the native
 * executable. Read by hand, since there is one word to read: a library for command lines would make
 * every start slower.
 */
enum Command {
  /** Without an argument: serves until it is stopped. */
  SERVE,

  /** Brings the database to this version and ends; for a release step. */
  MIGRATE;

  /**
   * The command of these arguments.
   *
   * @throws IllegalArgumentException for what is no command; the message lists those there are
   */
  static Command of(String... arguments) {
    if (arguments.length == 0) {
      return SERVE;
    }
    String word = arguments[0];
    return Arrays.stream(values())
        .filter(command -> arguments.length == 1 && command.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(refusal(String.join(" ", arguments))));
  }

  private static String refusal(String arguments) {
    String printable = arguments.replaceAll("\\p{Cntrl}", "?");
    return "\"%s\" is no command. Without an argument the service starts; the commands are: %s."
        .formatted(printable, commands());
  }

  private static String commands() {
    return Arrays.stream(values())
        .filter(command -> command != SERVE)
        .map(Command::word)
        .collect(Collectors.joining(", "));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
