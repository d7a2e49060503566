package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.guard.Destination;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Writes a checked request to a connection. */
final class RequestHead {
  private RequestHead() {}

  /** Sets Host itself: the client does not check it and writes IPv6 literals wrongly. */
  static void fill(HttpClientRequest connection, OutboundRequest request, Destination to) {
    MultiMap headers = connection.headers();
    headers.set(HttpHeaders.HOST, to.authority());
    for (OutboundRequest.Header header : request.headers()) {
      headers.add(header.name(), header.value());
    }
    if (!headers.contains(HttpHeaders.ACCEPT_ENCODING)) {
      headers.set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    }
    if (request.body() == null && expectsBody(request.method())) {
      headers.set(HttpHeaders.CONTENT_LENGTH, "0");
    }
  }

  /** Completes when the request is written to the socket. */
  static Future<Void> end(HttpClientRequest connection, byte @Nullable [] body) {
    return body == null ? connection.end() : connection.end(Buffer.buffer(body));
  }

  /** RFC 9110, section 8.6: a request that could have a body announces its absence. */
  private static boolean expectsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
