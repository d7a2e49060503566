package io.fastyoke.integrations.runs;

import com.fasterxml.jackson.databind.util.RawValue;
import io.fastyoke.integrations.connections.ReadConnection;
import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.delivery.KeptHeaders;
import io.fastyoke.integrations.delivery.Rendering;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.providers.Delivery;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.providers.RenderedAction;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.templating.Variables;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.UnreadableCredentialsException;
import io.fastyoke.integrations.vault.Vault;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Renders the requests of a run without sending them, and hides their secrets. */
@ApplicationScoped
class Preview {
  private static final String HIDDEN = "[redacted]";

  /** Bytes of all requests in one answer; the request that exceeds it is still shown. */
  private static final int MAX_BYTES = 1024 * 1024;

  private final ReadConnection connections;
  private final ProviderRegistry providers;
  private final Rendering rendering;
  private final Vault vault;
  private final InstantSource clock;

  Preview(
      ReadConnection connections,
      ProviderRegistry providers,
      Rendering rendering,
      Vault vault,
      InstantSource clock) {
    this.connections = connections;
    this.providers = providers;
    this.rendering = rendering;
    this.vault = vault;
    this.clock = clock;
  }

  /** The requests of all actions. */
  public record PreviewedRun(List<PreviewedAction> actions) {}

  /**
   * The request of one action, or the reason why it would not be sent.
   *
   * @param headers without the values that come from the credential
   * @param missing variables that the template names and the request does not have
   * @param fromResponses variables that answers of earlier actions will fill; the request has their
   *     names in brackets instead
   */
  public record PreviewedAction(
      int index,
      @Nullable String connectionId,
      @Nullable String provider,
      @Nullable String method,
      @Nullable String url,
      @Nullable Map<String, String> headers,
      @Nullable Object body,
      @Nullable Failure error,
      List<String> missing,
      List<String> fromResponses) {}

  Uni<PreviewedRun> preview(Caller caller, RunPlan plan) {
    Instant now = clock.instant();
    List<ActionProgress> actions = new ArrayList<>();
    for (PlannedAction action : plan.actions()) {
      actions.add(ActionProgress.pending(actions.size(), action, TimeOrderedIds.next(now)));
    }
    return requests(caller, plan, TimeOrderedIds.next(now), actions);
  }

  /**
   * The requests of an accepted run: with its stored template and variables, and the connection as
   * it is now.
   */
  Uni<PreviewedRun> requests(Caller caller, FindRuns.Planned accepted) {
    Run run = accepted.run();
    return requests(caller, accepted.plan(), run.id(), run.actions());
  }

  private Uni<PreviewedRun> requests(
      Caller caller, RunPlan plan, UUID runId, List<ActionProgress> actions) {
    AtomicInteger room = new AtomicInteger(MAX_BYTES);
    return Multi.createFrom()
        .range(0, plan.actions().size())
        .onItem()
        .transformToUniAndConcatenate(
            index ->
                preview(caller, new StandIns(plan, actions, index, this::mayBeKept), runId, room))
        .collect()
        .asList()
        .map(PreviewedRun::new);
  }

  /** By some provider: which one an earlier action will have shows when it is sent. */
  private boolean mayBeKept(String header) {
    return KeptHeaders.include(header)
        || providers.names().stream()
            .flatMap(name -> providers.find(name).stream())
            .anyMatch(provider -> provider.keptHeaders().contains(header));
  }

  private Uni<PreviewedAction> preview(
      Caller caller, StandIns standIns, UUID runId, AtomicInteger room) {
    RunPlan plan = standIns.plan();
    UUID delivery = standIns.actions().get(standIns.index()).deliveryId();
    Variables variables =
        rendering
            .variables(plan, caller.tenant(), runId, delivery, standIns.actions())
            .orElse(standIns::of);
    return connections
        .read(caller.tenant(), plan.actions().get(standIns.index()).connectionId())
        .map(
            connection ->
                show(caller, standIns, variables, delivery, connection.orElse(null), room));
  }

  private PreviewedAction show(
      Caller caller,
      StandIns standIns,
      Variables variables,
      UUID delivery,
      @Nullable SealedConnection connection,
      AtomicInteger room) {
    RunPlan plan = standIns.plan();
    int index = standIns.index();
    PayloadTemplate template = plan.actions().get(index).payloadTemplate();
    List<String> missing = MissingNames.of(template, variables);
    if (connection == null) {
      return failed(
          index,
          template,
          null,
          missing,
          FailureCode.CONNECTION_NOT_FOUND,
          "There is no such connection.");
    }
    String name = connection.provider();
    ProviderClient provider = providers.find(name).orElse(null);
    if (provider == null) {
      return failed(
          index,
          template,
          name,
          missing,
          FailureCode.CONNECTION_NOT_FOUND,
          "This version does not know the provider.");
    }
    if (room.get() <= 0) {
      return failed(
          index,
          template,
          name,
          missing,
          FailureCode.PREVIEW_TOO_LARGE,
          "The requests before it fill what one answer shows; it is sent all the same.");
    }
    try (Credentials credentials =
        vault.open(
            new SealContext(caller.tenant(), connection.id(), name), connection.credentials())) {
      RenderedAction rendered =
          rendering.render(plan, index, standIns.actions(), variables, provider);
      OutboundRequest request =
          provider
              .check(credentials, rendered)
              .request(delivery(caller, connection, delivery, plan));
      room.addAndGet(-size(request));
      return shown(standIns, name, request, provider.shown(credentials, request), missing);
    } catch (TemplateException | IllegalArgumentException e) {
      return failed(
          index,
          template,
          name,
          missing,
          FailureCode.TEMPLATE_ERROR,
          String.valueOf(e.getMessage()));
    } catch (UnreadableCredentialsException e) {
      return failed(
          index,
          template,
          name,
          missing,
          FailureCode.CREDENTIAL_UNREADABLE,
          "The credentials cannot be opened with the service's keys.");
    }
  }

  private static PreviewedAction shown(
      StandIns standIns,
      String provider,
      OutboundRequest request,
      String url,
      List<String> missing) {
    Map<String, String> headers = new LinkedHashMap<>();
    // Values from the credential are never Strings, by which they are recognised here.
    request
        .headers()
        .forEach(
            header ->
                headers.put(header.name(), header.value() instanceof String text ? text : HIDDEN));
    return new PreviewedAction(
        standIns.index(),
        standIns.plan().actions().get(standIns.index()).payloadTemplate().connectionId(),
        provider,
        request.method(),
        url,
        headers,
        body(request),
        null,
        missing,
        standIns.names());
  }

  private static int size(OutboundRequest request) {
    byte[] body = request.body();
    return (body == null ? 0 : body.length)
        + request.target().toString().length()
        + request.headers().stream().mapToInt(header -> header.value().length()).sum();
  }

  /** A JSON body is embedded as raw JSON; any other is a string. */
  private static @Nullable Object body(OutboundRequest request) {
    byte[] body = request.body();
    if (body == null) {
      return null;
    }
    boolean json =
        request.headers().stream()
            .anyMatch(
                header ->
                    header.name().equalsIgnoreCase("content-type")
                        && header.value().toString().startsWith("application/json"));
    String text = new String(body, StandardCharsets.UTF_8);
    return json ? new RawValue(text) : text;
  }

  private static PreviewedAction failed(
      int index,
      PayloadTemplate template,
      @Nullable String provider,
      List<String> missing,
      FailureCode code,
      String message) {
    return new PreviewedAction(
        index,
        template.connectionId(),
        provider,
        null,
        null,
        null,
        null,
        new Failure(code, message),
        missing,
        List.of());
  }

  private Delivery delivery(
      Caller caller, SealedConnection connection, UUID delivery, RunPlan plan) {
    Instant now = clock.instant();
    return new Delivery(
        caller.tenant(),
        connection.id(),
        delivery,
        1,
        now,
        plan.transitionEventType(),
        connection.settings().timeout());
  }
}
