package io.fastyoke.integrations.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Accepts {@code ?tenant_id=}, which the host's SDK sends, only if it is the tenant of the token.
 */
@ApplicationScoped
class TenantParameter {
  private final CurrentCaller caller;

  TenantParameter(CurrentCaller caller) {
    this.caller = caller;
  }

  /** Runs after authorization, on every endpoint; platform endpoints have no tenant to compare. */
  @ServerRequestFilter
  public void check(ContainerRequestContext request) {
    Map<String, List<String>> query = request.getUriInfo().getQueryParameters();
    List<String> claimed = query.getOrDefault("tenant_id", List.of());
    if (!claimed.isEmpty()) {
      caller.find().ifPresent(known -> claimed.forEach(known::requireTenant));
    }
  }
}
