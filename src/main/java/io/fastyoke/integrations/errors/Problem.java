package io.fastyoke.integrations.errors;

import java.util.Map;
import java.util.TreeMap;

/**
 * An error answer with its headers, ready to be written.
 *
 * @param headers in addition to those of every answer
 * @param internal whether it is a fault of the service, which is logged
 */
record Problem(int status, ErrorBody body, Map<String, String> headers, boolean internal) {

  static Problem of(ApiException exception) {
    Map<String, String> headers = new TreeMap<>();
    if (exception.retryAfterSeconds() != null) {
      headers.put("Retry-After", exception.retryAfterSeconds().toString());
    }
    if (exception.status() == 401) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    ErrorBody body =
        new ErrorBody(exception.code().wire(), exception.getMessage(), exception.details());
    return new Problem(exception.status(), body, headers, false);
  }

  /** A 500 that discloses only the request id, under which the fault is logged. */
  static Problem internal(String requestId) {
    ErrorBody body =
        new ErrorBody(
            ErrorCode.INTERNAL.wire(),
            "Something went wrong on our side. Quote the request id when you report it.",
            Map.of("request_id", requestId));
    return new Problem(ErrorCode.INTERNAL.status(), body, Map.of(), true);
  }

  Problem with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Problem(status, body, more, internal);
  }
}
