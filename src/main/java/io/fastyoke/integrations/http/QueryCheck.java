package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.http.body.UnstorableText;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses query parameters that PostgreSQL cannot store. {@link FrontFilter} has already removed
 * empty ones.
 */
class QueryCheck {

  /** The error names the parameter and does not repeat its value. */
  @ServerRequestFilter
  public void check(ContainerRequestContext request) {
    request
        .getUriInfo()
        .getQueryParameters()
        .forEach(
            (name, values) -> {
              if (UnstorableText.isUnstorable(name)) {
                throw ApiException.invalid("query", "has a parameter whose name contains NUL");
              }
              if (values.stream().anyMatch(UnstorableText::isUnstorable)) {
                throw ApiException.invalid(name, "must not contain NUL");
              }
            });
  }
}
