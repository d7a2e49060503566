package io.fastyoke.integrations.egress;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What a caller of {@link Egress#send} allows.
 *
 * @param connectTimeout for connecting, from name resolution to the end of the TLS handshake
 * @param repeatable whether the receiver recognises a repetition of the request
 * @param mayWrite asked right before the first byte is written, on an event loop
 */
record SendPolicy(Duration connectTimeout, boolean repeatable, BooleanSupplier mayWrite) {

  /** A caller that throws has not allowed the write. */
  boolean allowsWrite() {
    try {
      return mayWrite.getAsBoolean();
    } catch (RuntimeException e) {
      return false;
    }
  }
}
