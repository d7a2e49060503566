package io.fastyoke.integrations.egress;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outcome of one attempt to talk to another host, sorted by what the caller may do next. */
public sealed interface Exchange {

  /** Wall time from the start of the attempt to its end. */
  Duration elapsed();

  /**
   * The host answered with a final status. The status decides; the rest may be missing.
   *
   * @param status 200 to 599, or a larger number if the host invents one
   * @param headers in the order received, names as received
   * @param body the first bytes of the body as received, never decoded
   * @param truncated whether the body is incomplete: over the size limit, interrupted, or late
   * @param note what besides may explain the status, in words for people; null for nothing
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answered(
      int status,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      boolean truncated,
      Duration elapsed,
      @Nullable String note)
      implements Exchange {

    /** Without a note. */
    public Answered(
        int status,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        boolean truncated,
        Duration elapsed) {
      this(status, headers, body, truncated, elapsed, null);
    }

    Answered withNote(String words) {
      return new Answered(status, headers, body, truncated, elapsed, words);
    }
  }

  /** The host read nothing of the request, so sending it again cannot repeat an effect. */
  record NotSent(Cause cause, String message, Duration elapsed) implements Exchange {
    /**
     * At which step connecting ended, in words of {@link Failures}, {@link TlsFailures} and the
     * guard; empty for whatever else may be in the message.
     */
    public Optional<String> step() {
      return Failures.isKnown(message) ? Optional.of(message) : Optional.empty();
    }

    /** Why nothing was sent. */
    public enum Cause {
      /** The SSRF guard refused the name or an address. The message does not say which. */
      BLOCKED,
      /** No connection was made: unresolvable, refused, timed out or TLS failed. */
      UNREACHABLE,
      /** The host requires another client certificate, so a retry cannot succeed. */
      CLIENT_CERTIFICATE,
      /** The caller cancelled the attempt, or its check before the write refused. */
      ABANDONED
    }
  }

  /** The request may have been written, in whole or in part; no final status came back. */
  record Broken(Fault fault, String message, Duration elapsed) implements Exchange {
    /** What went wrong. */
    public enum Fault {
      /** The deadline passed. */
      TIMEOUT,
      /** The connection ended before there was a status. */
      CONNECTION_LOST,
      /** The answer is not HTTP that this service accepts. */
      PROTOCOL_ERROR
    }
  }
}
