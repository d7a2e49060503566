package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.delivery.TraceParent;
import io.fastyoke.integrations.dispatch.Acceptor;
import io.fastyoke.integrations.dispatch.Acceptor.Receipt;
import io.fastyoke.integrations.dispatch.CompletionWaits;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.http.Cursor;
import io.fastyoke.integrations.http.PageRequest;
import io.fastyoke.integrations.http.Pages;
import io.fastyoke.integrations.http.QueryParams;
import io.fastyoke.integrations.http.Uuids;
import io.fastyoke.integrations.http.body.NoBody;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.fastyoke.integrations.intake.IdempotencyKey;
import io.fastyoke.integrations.intake.RequestRules;
import io.fastyoke.integrations.intake.RunRequest;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.runs.FindRuns.RunFilter;
import io.fastyoke.integrations.runs.Replayer.Replayed;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Fires, shows, cancels and replays action runs. */
@Path(RunsResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class RunsResource {
  static final String PATH = "/api/v1/tenant/action-runs";
  private static final String RUN = "run";

  private final CurrentCaller callers;
  private final Acceptor acceptor;
  private final FindRuns runs;
  private final Canceller canceller;
  private final Replayer replayer;
  private final Preview preview;
  private final CompletionWaits completions;

  RunsResource(
      CurrentCaller callers,
      Acceptor acceptor,
      FindRuns runs,
      Canceller canceller,
      Replayer replayer,
      Preview preview,
      CompletionWaits completions) {
    this.callers = callers;
    this.acceptor = acceptor;
    this.runs = runs;
    this.canceller = canceller;
    this.replayer = replayer;
    this.preview = preview;
    this.completions = completions;
  }

  /** Accepts the actions of a committed transition; they are on disk when this answers. */
  @POST
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<RestResponse<Run>> fire(
      @Context HttpHeaders headers,
      @HeaderParam("Prefer") List<String> prefer,
      RunRequest request) {
    Caller caller = callers.get();
    caller.requireTenant(request.tenantId());
    String key = IdempotencyKey.of(headers);
    RunPlan plan =
        RequestRules.check(request, caller.actor())
            .tracedBy(TraceParent.read(headers.getHeaderString(TraceParent.HEADER)));
    return acceptor
        .accept(caller.tenant(), plan, !"none".equals(request.ordering()), key, null)
        .chain(receipt -> answer(caller, receipt, prefer));
  }

  /** The newest runs first. */
  @GET
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<RestResponse<List<Run>>> list(
      @RestQuery("job_id") @Nullable String jobId,
      @RestQuery @Nullable String status,
      @RestQuery("connection_id") @Nullable String connectionId,
      @RestQuery @Nullable String since,
      @RestQuery @Nullable String until,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor,
      @Context UriInfo uri) {
    PageRequest page = PageRequest.of(limit, cursor);
    RunFilter filter =
        new RunFilter(
            jobId,
            QueryParams.oneOf("status", Run.Status.class, status),
            QueryParams.uuid("connection_id", connectionId),
            QueryParams.instant("since", since),
            QueryParams.instant("until", until));
    QueryParams.requireOrder(filter.since(), filter.until());
    Cursor after = page.cursor();
    return runs.list(
            callers.get().tenant(), filter, page.limit(), after == null ? null : after.after())
        .map(found -> Pages.of(found.rows(), found.more(), Run::id, uri));
  }

  @GET
  @Path("{id}")
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Run> get(String id) {
    return runs.byId(callers.get().tenant(), Uuids.inPath(id, RUN));
  }

  /** Shows the requests of a run's actions, to find out what went wrong. */
  @GET
  @Path("{id}/requests")
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Preview.PreviewedRun> requests(String id) {
    Caller caller = callers.get();
    return runs.planned(caller.tenant(), Uuids.inPath(id, RUN))
        .chain(accepted -> preview.requests(caller, accepted));
  }

  /** Cancels a run: actions that were not sent yet are not sent. */
  @POST
  @Path("{id}/cancel")
  @NoBody
  @Consumes(MediaType.WILDCARD)
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<Run> cancel(String id) {
    return canceller.cancel(callers.get().tenant(), Uuids.inPath(id, RUN));
  }

  /** Fires the failed and skipped actions of a run again, as a new run. */
  @POST
  @Path("{id}/replay")
  @NoBody
  @Consumes(MediaType.WILDCARD)
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<RestResponse<Run>> replay(
      String id, @Context HttpHeaders headers, @HeaderParam("Prefer") List<String> prefer) {
    Caller caller = callers.get();
    return replayer
        .replay(caller, Uuids.inPath(id, RUN), IdempotencyKey.of(headers))
        .chain(receipt -> answer(caller, receipt, prefer));
  }

  /** Shows the exact requests that these actions would send, without sending them. */
  @POST
  @Path("preview")
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<Preview.PreviewedRun> preview(RunRequest request) {
    Caller caller = callers.get();
    caller.requireTenant(request.tenantId());
    return preview.preview(caller, RequestRules.check(request, caller.actor()));
  }

  /** Replays the runs that a filter selects, or counts them. */
  @POST
  @Path("replay")
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<RestResponse<ReplayAnswer>> replayAll(
      @Context HttpHeaders headers, ReplayRequest request) {
    Caller caller = callers.get();
    caller.requireTenant(request.tenantId());
    BulkReplay call = new BulkReplay(request.filter(), IdempotencyKey.of(headers));
    boolean dryRun = Boolean.TRUE.equals(request.dryRun());
    Uni<Replayed> work =
        dryRun ? replayer.count(caller, call.filter()) : replayer.replayAll(caller, call);
    return work.map(
        done ->
            ResponseBuilder.create(
                    dryRun ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED,
                    new ReplayAnswer(dryRun, done.count(), done.more(), done.runs()))
                .build());
  }

  private Uni<RestResponse<Run>> answer(Caller caller, Receipt receipt, List<String> prefer) {
    Duration wait = Prefer.wait(prefer);
    UUID id = receipt.run().id();
    Uni<Run> run =
        wait.isZero() || receipt.run().isFinished()
            ? Uni.createFrom().item(receipt.run())
            : completions.await(id, wait, () -> runs.byId(caller.tenant(), id));
    return run.map(
        current -> {
          boolean done = !wait.isZero() && current.isFinished();
          ResponseBuilder<Run> response =
              ResponseBuilder.create(
                  done ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED, current);
          response.header(HttpHeaders.LOCATION, PATH + "/" + id);
          if (!wait.isZero()) {
            response.header("Preference-Applied", "wait=" + wait.toSeconds());
          }
          if (receipt.repeated()) {
            response.header("Idempotent-Replayed", "true");
          }
          return response.build();
        });
  }

  /**
   * Selects the runs to replay.
   *
   * @param dryRun only count them
   */
  public record ReplayRequest(
      @Nullable String jobId,
      @Nullable String status,
      @Nullable String connectionId,
      @Nullable String since,
      @Nullable String until,
      @Nullable Boolean dryRun,
      @Nullable String tenantId) {
    RunFilter filter() {
      Run.Status wanted = QueryParams.oneOf("status", Run.Status.class, status);
      if (wanted == Run.Status.PENDING || wanted == Run.Status.RUNNING) {
        throw ApiException.invalid("status", "must be failed or cancelled; others have not ended");
      }
      Instant from = QueryParams.instant("since", since);
      Instant to = QueryParams.instant("until", until);
      QueryParams.requireOrder(from, to);
      return new RunFilter(
          jobId,
          wanted == null ? Run.Status.FAILED : wanted,
          QueryParams.uuid("connection_id", connectionId),
          from,
          to);
    }
  }

  /**
   * The result of a replay or a dry run.
   *
   * @param count runs selected, or replayed
   * @param more whether the filter selects more than one call handles; call again after these
   * @param runs the new runs; empty for a dry run
   */
  public record ReplayAnswer(boolean dryRun, int count, boolean more, List<Run> runs) {}
}
