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

  /** Host is set here and not by the client, which does not check it and knows no IPv6 literals. */
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

  /** Completes when everything was handed to the network. */
  static Future<Void> end(HttpClientRequest connection, byte @Nullable [] body) {
    return body == null ? connection.end() : connection.end(Buffer.buffer(body));
  }

  /** RFC 9110, section 8.6: say that there is none where one could be. */
  private static boolean expectsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
