package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.databind.DeserializationContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Secrets that were read from a text and have to be wiped when the rest of the text turns out to be
 * wrong, so that the caller never gets them. Handed to the deserializers as an attribute of the
 * {@code ObjectReader}.
 */
public final class ParsedSecrets {
  private static final String KEY = ParsedSecrets.class.getName();

  private final List<AutoCloseable> parsed = new ArrayList<>();

  /** Knows of none yet. */
  public ParsedSecrets() {}

  /** Remembers a secret; does nothing when the reader has no such attribute. */
  static void remember(DeserializationContext context, AutoCloseable secret) {
    if (context.getAttribute(KEY) instanceof ParsedSecrets secrets) {
      secrets.parsed.add(secret);
    }
  }

  /** The name of the attribute. */
  public Object key() {
    return KEY;
  }

  /** Overwrites all that was remembered. */
  public void wipe() {
    for (AutoCloseable secret : parsed) {
      try {
        secret.close();
      } catch (Exception e) {
        throw new IllegalStateException("to overwrite bytes cannot fail", e);
      }
    }
  }
}
