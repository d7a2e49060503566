package io.fastyoke.integrations.errors;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The id of each request, which clients can quote and operators find in the log. */
public final class RequestIds {
  private static final String KEY = "fastyoke.request-id";

  private RequestIds() {}

  /** The request's id; generated here, never taken from the client. */
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
