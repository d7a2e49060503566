package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.CurrentCaller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** The rate limit of requests per tenant on this replica; off by default. */
// Application scoped: the framework creates other filters at build time, without settings.
@ApplicationScoped
class TenantRate {
  private final CurrentCaller caller;
  private final TokenBuckets buckets;
  private final boolean enabled;

  TenantRate(CurrentCaller caller, HttpSettings settings) {
    this.caller = caller;
    this.enabled = settings.rateLimitPerTenant() > 0;
    this.buckets = new TokenBuckets(Math.max(1, settings.rateLimitPerTenant()), System::nanoTime);
  }

  /**
   * Runs after authorization, so only verified tokens of a tenant use its bucket, and before {@code
   * body.BodyLimit}, so the body of a refused request is not received.
   */
  @ServerRequestFilter(priority = Priorities.USER - 1)
  public void check() {
    if (enabled) {
      caller.find().ifPresent(known -> check(known.tenant().value()));
    }
  }

  private void check(String tenant) {
    if (!buckets.take(tenant)) {
      throw ApiException.rateLimited("Too many requests for this tenant; slow down.", 1);
    }
  }
}
