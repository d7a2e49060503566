package io.fastyoke.integrations.errors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Handler;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Sends failures outside of endpoints (authentication, limits, unknown paths) in the error
 * envelope.
 */
@Singleton
public class FailureRoute implements Handler<RoutingContext> {
  private final ObjectMapper json;

  FailureRoute(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public void handle(RoutingContext context) {
    @Nullable Throwable failure = context.failure();
    String id = RequestIds.of(context);
    Problem problem =
        failure == null || isRefusalBelow(context, failure)
            ? Problems.ofStatus(context.statusCode(), id)
            : Problems.of(failure, id);
    ProblemLog.record(problem, failure, context);
    if (context.response().headWritten()) {
      context.request().connection().close();
    } else {
      ProblemLog.closeAfter(problem, context);
      write(problem, context);
    }
  }

  /**
   * The router fails a request without a host with both a status and an exception that explains it.
   */
  private static boolean isRefusalBelow(RoutingContext context, Throwable failure) {
    return context.statusCode() == 400 && failure.getClass() == VertxException.class;
  }

  private void write(Problem problem, RoutingContext context) {
    if (!context.request().isEnded()) {
      // The request is paused and has no reader left; without resuming it the connection would
      // hang.
      context.request().resume();
    }
    HttpServerResponse response = context.response().setStatusCode(problem.status());
    problem.headers().forEach(response::putHeader);
    response.putHeader("X-Request-Id", RequestIds.of(context));
    response.putHeader("Content-Type", "application/json");
    response.end(body(problem));
  }

  private Buffer body(Problem problem) {
    try {
      return Buffer.buffer(json.writeValueAsBytes(problem.body()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the envelope is always writable", e);
    }
  }
}
