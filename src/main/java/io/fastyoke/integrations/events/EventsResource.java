package io.fastyoke.integrations.events;

import io.fastyoke.integrations.events.FindEvents.EventFilter;
import io.fastyoke.integrations.http.Cursor;
import io.fastyoke.integrations.http.PageRequest;
import io.fastyoke.integrations.http.Pages;
import io.fastyoke.integrations.http.QueryParams;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.fastyoke.integrations.identity.TenantId;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The HTTP API of the event log. */
@Path("/api/v1/tenant/event-log")
@Produces(MediaType.APPLICATION_JSON)
public class EventsResource {
  private final CurrentCaller callers;
  private final FindEvents events;

  EventsResource(CurrentCaller callers, FindEvents events) {
    this.callers = callers;
    this.events = events;
  }

  /** The newest first. */
  @GET
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<RestResponse<List<EventView>>> list(
      @RestQuery("job_id") @Nullable String jobId,
      @RestQuery("run_id") @Nullable String runId,
      @RestQuery("connection_id") @Nullable String connectionId,
      @RestQuery @Nullable String provider,
      @RestQuery @Nullable String outcome,
      @RestQuery("event_type") @Nullable String eventType,
      @RestQuery("provider_message_id") @Nullable String messageId,
      @RestQuery @Nullable String since,
      @RestQuery @Nullable String until,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor,
      @Context UriInfo uri) {
    PageRequest page = PageRequest.of(limit, cursor);
    Cursor after = page.cursor();
    EventFilter filter =
        new EventFilter(
            jobId,
            QueryParams.uuid("run_id", runId),
            QueryParams.uuid("connection_id", connectionId),
            provider,
            QueryParams.oneOf("outcome", Event.Outcome.class, outcome),
            eventType,
            messageId,
            QueryParams.instant("since", since),
            QueryParams.instant("until", until));
    QueryParams.requireOrder(filter.since(), filter.until());
    UUID from = after == null ? null : after.after();
    return events
        .list(callers.get().tenant(), filter, page.limit(), from)
        .map(found -> Pages.of(found.rows(), found.more(), EventView::id, uri));
  }

  /** The state of a job's webhooks, for guards of the workflow engine. */
  @GET
  @Path("summary")
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Summary> summary(@RestQuery("job_id") @Nullable String jobId) {
    TenantId tenant = callers.get().tenant();
    return Uni.combine()
        .all()
        .unis(events.counts(tenant, jobId), events.lastWebhook(tenant, jobId))
        .asTuple()
        .map(
            both ->
                new Summary(
                    new Webhooks(
                        both.getItem1().succeeded(),
                        both.getItem1().failed(),
                        both.getItem1().skipped(),
                        both.getItem1().cancelled(),
                        both.getItem2())));
  }

  /** How the webhooks of a job, or of the whole tenant, have ended so far. */
  public record Summary(Webhooks webhooks) {}

  /**
   * Counts of actions, not of attempts.
   *
   * @param last the newest attempt or failure; a skipped or cancelled action only when there is
   *     nothing else
   */
  public record Webhooks(
      long succeeded, long failed, long skipped, long cancelled, @Nullable EventView last) {}
}
