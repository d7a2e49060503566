package io.fastyoke.integrations.providers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Redactors for the tests of other packages. */
public final class Redactors {
  private Redactors() {}

  public static Redactor of(String... secrets) {
    return Redactor.of(
        Arrays.stream(secrets).map(s -> s.getBytes(StandardCharsets.UTF_8)).toList());
  }
}
