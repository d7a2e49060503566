package io.fastyoke.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Endpoints that do nothing, for tests of what surrounds endpoints. */
@Path("/api/v1/probe")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ProbeEndpoint {
  private final CurrentCaller caller;

  ProbeEndpoint(CurrentCaller caller) {
    this.caller = caller;
  }

  /** A request body with every kind of field. */
  public record Body(
      String name,
      Settings settings,
      List<Step> steps,
      Instant at,
      BigDecimal amount,
      Boolean on) {}

  /** Nested. */
  public record Settings(Integer timeoutMs, Mode mode) {}

  /** In a list. */
  public record Step(String actionType, JsonNode template) {
    public Step {
      if ("refused".equals(actionType)) {
        throw ApiException.invalid(
            ErrorCode.UNKNOWN_ACTION_TYPE, List.of(new FieldProblem("x", "no")));
      }
      if ("broken".equals(actionType)) {
        throw new IllegalArgumentException("secret-value in a message");
      }
    }
  }

  /** Some constants. */
  public enum Mode {
    FAST,
    SLOW
  }

  @GET
  @Path("caller")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Map<String, Object>> caller() {
    var actor = caller.get().actor();
    Map<String, Object> seen = new TreeMap<>();
    seen.put("tenant", caller.get().tenant().value());
    seen.put("sub", actor.sub());
    seen.put("email", actor.email());
    seen.put("impersonated_by", actor.impersonatedBy());
    return Uni.createFrom().item(seen);
  }

  @GET
  @Path("connections-write")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<String> connectionsWrite() {
    return ok();
  }

  @GET
  @Path("connections-read")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.CONNECTIONS_READ)
  public Uni<String> connectionsRead() {
    return ok();
  }

  @GET
  @Path("runs-execute")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_EXECUTE)
  public Uni<String> runsExecute() {
    return ok();
  }

  @GET
  @Path("runs-read")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<String> runsRead() {
    return ok();
  }

  @GET
  @Path("usage-read")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.USAGE_READ)
  public Uni<String> usageRead() {
    return ok();
  }

  @GET
  @Path("platform")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.PLATFORM)
  public Uni<String> platform() {
    return ok();
  }

  @GET
  @Path("forgotten")
  @Operation(hidden = true)
  public Uni<String> forgotten() {
    return ok();
  }

  @POST
  @Path("body")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Map<String, Object>> body(Body body) {
    boolean onEventLoop = Context.isOnEventLoopThread();
    return Uni.createFrom().item(Map.of("event_loop", onEventLoop, "body", body));
  }

  @PATCH
  @Path("{id}")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<String> patch(@PathParam("id") UUID id, Body body) {
    return ok();
  }

  @DELETE
  @Path("{id}")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<Void> delete(@PathParam("id") String id) {
    Uuids.inPath(id, "probe");
    return Uni.createFrom().voidItem();
  }

  @GET
  @Path("fail/{how}")
  @Operation(hidden = true)
  @PermissionsAllowed(Permissions.RUNS_READ)
  public Uni<String> fail(@PathParam("how") String how) {
    Throwable failure =
        switch (how) {
          case "conflict" -> ApiException.of(ErrorCode.VERSION_CONFLICT, "It has changed.");
          case "unavailable" -> ApiException.unavailable("Not now.", 7);
          case "database" -> new IllegalStateException(new ConnectException("10.0.0.5:5432"));
          default -> new IllegalStateException("SELECT secret FROM table at com.example.Thing");
        };
    return Uni.createFrom().failure(failure);
  }

  private static Uni<String> ok() {
    return Uni.createFrom().item("{}");
  }
}
