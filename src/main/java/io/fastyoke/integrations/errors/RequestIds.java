package io.fastyoke.integrations.errors;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** A name for each request, to be quoted by clients and found in the log. */
public final class RequestIds {
  private static final String KEY = "fastyoke.request-id";

  private RequestIds() {}

  /** The request's id; made by us, never taken from the client. */
  public static String of(RoutingContext context) {
    String known = context.get(KEY);
    if (known != null) {
      return known;
    }
    String made = UUID.randomUUID().toString();
    context.put(KEY, made);
    return made;
  }
}
