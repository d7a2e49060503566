package io.fastyoke.integrations.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.dispatch.NewRuns;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.Event.DeliveryRef;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.http.body.BodySettings;
import io.fastyoke.integrations.http.body.JsonBodies;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantMismatchException;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.queue.CheckedRequest;
import io.fastyoke.integrations.queue.FiredRequest;
import io.fastyoke.integrations.queue.RunRef;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The checks of {@code POST /action-runs} for what was fired in SQL. Nobody waits for an answer, so
 * what they refuse becomes a run that has failed, with one action that says why.
 */
@ApplicationScoped
class CheckFired {
  private static final Logger LOG = Logger.getLogger(CheckFired.class);
  private static final int MAX_MESSAGE_LENGTH = 1_000;

  private static final PlannedAction REFUSED =
      new PlannedAction(
          RequestRules.WEBHOOK, new PayloadTemplate(null, null, null, null, null), false, null);

  private final JsonBodies bodies;
  private final NewRuns runs;
  private final InstantSource clock;
  private final long maxBytes;

  CheckFired(JsonBodies bodies, RunCodec codec, InstantSource clock, BodySettings settings) {
    this.bodies = bodies;
    this.runs = new NewRuns(codec);
    this.clock = clock;
    this.maxBytes = settings.requestMaxBytes().asLongValue();
  }

  long maxBytes() {
    return maxBytes;
  }

  CheckedRequest check(FiredRequest fired) {
    Actor actor = FiredActor.ENGINE;
    RunRequest request = null;
    try {
      if (fired.bytes() > maxBytes) {
        throw ApiException.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The request has " + fired.bytes() + " bytes; at most " + maxBytes + " are allowed.");
      }
      actor = actor(fired);
      request = request(fired);
      new Caller(fired.tenant(), actor).requireTenant(request.tenantId());
      String key = fired.idempotencyKey();
      if (key != null && !IdempotencyKey.isValid(key)) {
        throw ApiException.invalid("idempotency_key", "must be 1 to 255 visible ASCII characters");
      }
      RunPlan plan = RequestRules.check(request, actor);
      return new CheckedRequest(
          runs.pending(
              ref(fired, plan.jobId()), plan, !"none".equals(request.ordering()), key, now()),
          null);
    } catch (ApiException e) {
      boolean large = e.code() == ErrorCode.PAYLOAD_TOO_LARGE;
      return refused(
          fired,
          request,
          actor,
          large ? FailureCode.PAYLOAD_TOO_LARGE : FailureCode.INVALID_REQUEST,
          message(e));
    } catch (TenantMismatchException e) {
      return refused(
          fired,
          request,
          actor,
          FailureCode.INVALID_REQUEST,
          "tenant_id: is not the tenant that the request was fired for");
    } catch (RuntimeException e) {
      // One request that cannot be checked must not hold up what is behind it.
      LOG.errorf("run %s: the request cannot be checked (%s)", fired.runId(), e.getClass());
      return unstorable(fired);
    }
  }

  /** A request that could not be checked, or not be stored, by a fault of the service. */
  CheckedRequest unstorable(FiredRequest fired) {
    return refused(
        fired,
        null,
        FiredActor.ENGINE,
        FailureCode.INVALID_REQUEST,
        "The request could not be taken in; the service's log has run " + fired.runId() + ".");
  }

  private Actor actor(FiredRequest fired) {
    String actor = fired.actor();
    if (actor == null) {
      return FiredActor.ENGINE;
    }
    byte[] bytes = actor.getBytes(UTF_8);
    try {
      return ((FiredActor) bodies.read(FiredActor.class, bytes, bytes.length)).checked();
    } catch (ApiException e) {
      String said = message(e);
      throw ApiException.invalid("actor", said.replaceFirst("^actor\\.", "actor."));
    }
  }

  private RunRequest request(FiredRequest fired) {
    String request = fired.request() == null ? "" : fired.request();
    byte[] bytes = request.getBytes(UTF_8);
    return (RunRequest) bodies.read(RunRequest.class, bytes, bytes.length);
  }

  private CheckedRequest refused(
      FiredRequest fired,
      @Nullable RunRequest request,
      Actor actor,
      FailureCode code,
      String message) {
    String jobId = request == null ? null : jobId(request.job());
    Failure failure = new Failure(code, message);
    Instant now = now();
    RunPlan plan = new RunPlan(null, null, null, actor, List.of(REFUSED));
    ActionProgress action =
        new ActionProgress(
            0,
            RequestRules.WEBHOOK,
            null,
            null,
            TimeOrderedIds.next(now),
            ActionProgress.Status.FAILED,
            0,
            null,
            null,
            null,
            null,
            failure);
    String key = fired.idempotencyKey();
    return new CheckedRequest(
        runs.with(
            ref(fired, jobId),
            plan,
            true,
            key != null && IdempotencyKey.isValid(key) ? key : null,
            List.of(action)),
        new Event(
            TimeOrderedIds.next(now),
            fired.tenant(),
            Event.WEBHOOK,
            Event.Outcome.FAILURE,
            new DeliveryRef(fired.runId(), jobId, 0, action.deliveryId(), null, null, true),
            null,
            null,
            null,
            null,
            failure,
            null,
            actor,
            now));
  }

  private static RunRef ref(FiredRequest fired, @Nullable String jobId) {
    return new RunRef(fired.runId(), fired.tenant(), jobId, null, fired.firedAt());
  }

  /**
   * For people who look for the events of a job; null when the request names none that is valid.
   */
  private static @Nullable String jobId(@Nullable JsonNode job) {
    JsonNode id = job == null ? null : job.get("id");
    return id == null || !RequestRules.isJobId(id) ? null : id.asText();
  }

  private static String message(ApiException e) {
    String message =
        e.details().get("fields") instanceof List<?> fields && fields.size() > 1
            ? fields.stream()
                .map(FieldProblem.class::cast)
                .map(problem -> problem.field() + ": " + problem.message())
                .collect(Collectors.joining("; "))
            : e.getMessage();
    return message.length() <= MAX_MESSAGE_LENGTH
        ? message
        : message.substring(0, MAX_MESSAGE_LENGTH) + "…";
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
