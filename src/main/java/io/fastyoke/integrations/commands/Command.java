package io.fastyoke.integrations.commands;

import java.util.Arrays;

/**
 * What the artefact does in place of serving: the arguments of the jar and the native executable.
 */
public enum Command {
  /** Serves until it is stopped. */
  SERVE("", "Serves until it is stopped."),

  /** Brings the database to this version and ends. */
  MIGRATE("migrate", "Brings the database to this version and ends, for a release step."),

  /** Looks for faults of the configuration and of the database, and changes nothing. */
  CHECK(
      "check",
      "Looks for what would keep the service from starting or working: one line each, exit code 0 or 1."
          + " Changes nothing."),

  /** Makes an encryption key. */
  GENERATE_KEY("keys generate", "Prints a new key for ENCRYPTION_KEY: 64 hexadecimal digits."),

  /** Makes a token of the development tenant. */
  TOKEN("token", "Prints a token for the tenant \"dev\"; in the dev profile only.");

  private final String words;
  private final String description;

  Command(String words, String description) {
    this.words = words;
    this.description = description;
  }

  /** As it is typed; empty for none. */
  String words() {
    return words;
  }

  String description() {
    return description;
  }

  static Command of(String words) {
    return Arrays.stream(values())
        .filter(command -> command.words.equals(words))
        .findFirst()
        .orElseThrow();
  }
}
