package io.fastyoke.integrations.events;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.events.SumDeliveries.Range;
import io.fastyoke.integrations.events.SumDeliveries.StatsBucket;
import io.fastyoke.integrations.http.QueryParams;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The HTTP API of delivery statistics. */
@Path("/api/v1/tenant/stats")
@Produces(MediaType.APPLICATION_JSON)
public class StatsResource {
  private static final Duration DEFAULT_RANGE = Duration.ofHours(24);
  private static final Duration MAX_RANGE = Duration.ofDays(31);
  private static final int MAX_IDS = 100;

  private final CurrentCaller callers;
  private final SumDeliveries deliveries;
  private final InstantSource clock;

  StatsResource(CurrentCaller callers, SumDeliveries deliveries, InstantSource clock) {
    this.callers = callers;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /** Deliveries by outcome and time, and the connections that fail most; at most 31 days. */
  @GET
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<DeliveryStats> stats(
      @RestQuery @Nullable String since,
      @RestQuery @Nullable String until,
      @RestQuery @Nullable String bucket,
      @RestQuery("connection_id") @Nullable String connectionId) {
    return deliveries.sum(
        callers.get().tenant(),
        range(since, until, bucket),
        QueryParams.uuid("connection_id", connectionId));
  }

  /** Deliveries of each given connection; connections without deliveries are left out. */
  @GET
  @Path("connections")
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<List<ConnectionStats>> connections(
      @RestQuery @Nullable String since,
      @RestQuery @Nullable String until,
      @RestQuery @Nullable String bucket,
      @RestQuery @Nullable String ids) {
    List<UUID> wanted =
        Objects.requireNonNullElse(QueryParams.uuids("ids", ids, MAX_IDS), List.of());
    return deliveries.sumEach(callers.get().tenant(), range(since, until, bucket), wanted);
  }

  private Range range(@Nullable String since, @Nullable String until, @Nullable String bucket) {
    Instant to = Objects.requireNonNullElseGet(QueryParams.instant("until", until), clock::instant);
    Instant from =
        Objects.requireNonNullElseGet(
            QueryParams.instant("since", since), () -> to.minus(DEFAULT_RANGE));
    if (from.isAfter(to)) {
      throw ApiException.invalid("until", "must not be before since");
    }
    if (Duration.between(from, to).compareTo(MAX_RANGE) > 0) {
      throw ApiException.invalid("since", "must be at most 31 days before until");
    }
    StatsBucket size =
        Objects.requireNonNullElse(
            QueryParams.oneOf("bucket", StatsBucket.class, bucket), StatsBucket.HOUR);
    return new Range(from, to, size);
  }
}
