package io.fastyoke.integrations.egress;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How an attempt to talk to another host ended. Sorted by what the caller may do next. */
public sealed interface Exchange {

  /** Wall time from the start of the attempt to its end. */
  Duration elapsed();

  /**
   * The host answered with a final status, which decides: the rest of the answer may be missing.
   *
   * @param status 200 to 599, or whatever else the host made up
   * @param headers in the order received, names as received
   * @param body the first bytes of the body as received, never decoded
   * @param truncated whether more was to come: beyond the cap, after a break, or after the time for
   *     it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answered(
      int status,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      boolean truncated,
      Duration elapsed)
      implements Exchange {}

  /** Nothing of the request was read by the host, so sending it again cannot repeat an effect. */
  record NotSent(Cause cause, String message, Duration elapsed) implements Exchange {
    /** Why nothing was. */
    public enum Cause {
      /** The name or one of its addresses is not allowed. The message does not say which. */
      BLOCKED,
      /** No connection was made: unresolvable, refused, timed out or TLS failed. */
      UNREACHABLE,
      /** The host requires a client certificate: it reads nothing without, however often. */
      CLIENT_CERTIFICATE,
      /** The caller's own check before the write said no. */
      ABANDONED
    }
  }

  /** The request may have been written, wholly or in part, and no final status came back. */
  record Broken(Fault fault, String message, Duration elapsed) implements Exchange {
    /** What went wrong. */
    public enum Fault {
      /** The deadline passed. */
      TIMEOUT,
      /** The connection ended before there was a status. */
      CONNECTION_LOST,
      /** The answer is not HTTP as we accept it. */
      PROTOCOL_ERROR
    }
  }
}
