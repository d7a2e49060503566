package io.fastyoke.integrations.notices;

import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;

/** What a tenant is told, and through which of its connections. */
@Path("/api/v1/tenant/notices")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class NoticesResource {
  private final CurrentCaller callers;
  private final NoticeRules rules;
  private final NoticeStore store;
  private final InstantSource clock;

  NoticesResource(
      CurrentCaller callers, NoticeRules rules, NoticeStore store, InstantSource clock) {
    this.callers = callers;
    this.rules = rules;
    this.store = store;
    this.clock = clock;
  }

  @GET
  @PermissionsAllowed(Permissions.NOTICES)
  public Uni<NoticeSettings> get() {
    return store.read(callers.get().tenant());
  }

  /** Replaces the settings; an empty object is for no notices. */
  @PUT
  @PermissionsAllowed(Permissions.NOTICES)
  public Uni<NoticeSettings> put(NoticeRequest request) {
    Caller caller = callers.get();
    caller.requireTenant(request.tenantId());
    return request.isEmpty()
        ? store.remove(caller.tenant())
        : store.write(caller.tenant(), rules.check(caller.tenant(), request), clock.instant());
  }
}
