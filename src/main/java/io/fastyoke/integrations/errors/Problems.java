package io.fastyoke.integrations.errors;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.identity.KeysUnavailableException;
import io.fastyoke.integrations.identity.TenantMismatchException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.handler.HttpException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.ResteasyReactiveClientProblem;

/** Maps an exception to an error answer. Unknown exceptions are faults of the service: 500. */
final class Problems {
  private Problems() {}

  /**
   * @param requestId sent to the client with a 500
   */
  static Problem of(Throwable failure, String requestId) {
    if (failure instanceof ApiException known) {
      return Problem.of(known);
    }
    if (failure instanceof TenantMismatchException mismatch) {
      return Problem.of(ApiException.of(ErrorCode.TENANT_MISMATCH, mismatch.getMessage()));
    }
    if (isUnauthenticated(failure)) {
      return ofStatus(401, requestId);
    }
    if (failure instanceof ForbiddenException) {
      return ofStatus(403, requestId);
    }
    return ofLayersBelow(failure, requestId);
  }

  /** The envelope for a bare status. */
  static Problem ofStatus(int status, String requestId) {
    boolean ours = status < 400 || (status >= 500 && status != 503);
    return ours ? Problem.internal(requestId) : Problem.of(StatusProblems.of(status));
  }

  private static boolean isUnauthenticated(Throwable failure) {
    return failure instanceof AuthenticationException || failure instanceof UnauthorizedException;
  }

  private static Problem ofLayersBelow(Throwable failure, String requestId) {
    if (failure instanceof WebApplicationException web
        && !(failure instanceof ResteasyReactiveClientProblem)) {
      return ofWeb(web, requestId);
    }
    if (failure instanceof HttpException http) {
      return ofStatus(http.getStatusCode(), requestId);
    }
    if (failure instanceof KeysUnavailableException || DatabaseFailure.isOutage(failure)) {
      return ofStatus(503, requestId);
    }
    return Problem.internal(requestId);
  }

  private static Problem ofWeb(WebApplicationException web, String requestId) {
    Problem problem = ofStatus(web.getResponse().getStatus(), requestId);
    String allow = web.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return allow == null ? problem : problem.with(HttpHeaders.ALLOW, allow);
  }
}
