package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses query values that no database column can hold, before they reach one. Empty ones have
 * been left out by {@link FrontFilter}.
 */
class QueryCheck {

  /** Names the parameter; what it holds is not repeated. */
  @ServerRequestFilter
  public void check(ContainerRequestContext request) {
    request
        .getUriInfo()
        .getQueryParameters()
        .forEach(
            (name, values) -> {
              if (UnstorableText.isOdd(name)) {
                throw ApiException.invalid("query", "has a parameter whose name contains NUL");
              }
              if (values.stream().anyMatch(UnstorableText::isOdd)) {
                throw ApiException.invalid(name, "must not contain NUL");
              }
            });
  }
}
