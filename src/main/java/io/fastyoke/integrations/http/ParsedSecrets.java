package io.fastyoke.integrations.http;

import com.fasterxml.jackson.databind.DeserializationContext;
import java.util.ArrayList;
import java.util.List;

/**
 * What was read from a request body and has to be wiped when the rest of the body turns out to be
 * wrong, so that nobody gets it.
 */
public final class ParsedSecrets {
  private static final String KEY = ParsedSecrets.class.getName();

  private final List<AutoCloseable> parsed = new ArrayList<>();

  ParsedSecrets() {}

  /** Remembers it while the body is being read; does nothing outside of a request. */
  public static void remember(DeserializationContext context, AutoCloseable secret) {
    if (context.getAttribute(KEY) instanceof ParsedSecrets secrets) {
      secrets.parsed.add(secret);
    }
  }

  Object key() {
    return KEY;
  }

  void wipe() {
    for (AutoCloseable secret : parsed) {
      try {
        secret.close();
      } catch (Exception e) {
        throw new IllegalStateException("to overwrite bytes cannot fail", e);
      }
    }
  }
}
