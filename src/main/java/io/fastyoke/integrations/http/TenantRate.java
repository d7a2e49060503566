package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.CurrentCaller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Keeps one tenant's flood of requests from the others; off unless configured. */
// Application scoped, for the framework makes filters at build time, before settings are known.
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
   * Runs after authorization, so only verified tokens of a tenant take from its bucket, and before
   * {@code body.BodyLimit}: what is refused is not received first.
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
