package io.fastyoke.integrations.metering;

import io.fastyoke.integrations.http.QueryParams;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.fastyoke.integrations.metering.SumUsage.GroupBy;
import io.fastyoke.integrations.metering.SumUsage.UsageBucket;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The HTTP API of usage, on which bills are based. */
@Path("/api/v1/tenant/usage")
@Produces(MediaType.APPLICATION_JSON)
public class UsageResource {
  private final CurrentCaller callers;
  private final SumUsage sums;

  UsageResource(CurrentCaller callers, SumUsage sums) {
    this.callers = callers;
    this.sums = sums;
  }

  /** Fired webhooks per bucket of time, and per provider or connection. */
  @GET
  @PermissionsAllowed(Permissions.USAGE_READ)
  public Uni<List<UsageRow>> usage(
      @RestQuery @Nullable String since,
      @RestQuery @Nullable String until,
      @RestQuery @Nullable String bucket,
      @RestQuery("group_by") @Nullable String groupBy) {
    Instant from = QueryParams.instant("since", since);
    Instant to = QueryParams.instant("until", until);
    QueryParams.requireOrder(from, to);
    UsageBucket size =
        Objects.requireNonNullElse(
            QueryParams.oneOf("bucket", UsageBucket.class, bucket), UsageBucket.DAY);
    GroupBy group =
        Objects.requireNonNullElse(
            QueryParams.oneOf("group_by", GroupBy.class, groupBy), GroupBy.PROVIDER);
    return sums.sum(callers.get().tenant(), from, to, size, group);
  }
}
