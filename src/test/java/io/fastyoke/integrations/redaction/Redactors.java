package io.fastyoke.integrations.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Redactors for the tests of other packages. */
public final class Redactors {
  private Redactors() {}

  /** One that fails when it is used. */
  public static Redactor broken() {
    return Redactor.lazily(
        () -> {
          throw new IllegalStateException("broken");
        });
  }

  public static Redactor of(String... secrets) {
    return Redactor.of(
        Arrays.stream(secrets).map(s -> s.getBytes(StandardCharsets.UTF_8)).toList());
  }
}
