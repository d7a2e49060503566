package io.fastyoke.integrations.connections;

import static io.fastyoke.integrations.connections.ConnectionRules.closing;

import io.fastyoke.integrations.connections.ConnectionRequest.Create;
import io.fastyoke.integrations.connections.ConnectionRequest.Patch;
import io.fastyoke.integrations.connections.ConnectionRequest.Trial;
import io.fastyoke.integrations.connections.ConnectionTester.TestAnswer;
import io.fastyoke.integrations.http.Cursor;
import io.fastyoke.integrations.http.ETags;
import io.fastyoke.integrations.http.PageRequest;
import io.fastyoke.integrations.http.Pages;
import io.fastyoke.integrations.http.Uuids;
import io.fastyoke.integrations.http.body.NoBody;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.fastyoke.integrations.identity.Permissions;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** A tenant's connections. */
@Path(ConnectionsResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ConnectionsResource {
  static final String PATH = "/api/v1/tenant/connections";
  private static final String CONNECTION = "connection";

  private final CurrentCaller callers;
  private final ConnectionService connections;
  private final ConnectionTester tester;

  ConnectionsResource(
      CurrentCaller callers, ConnectionService connections, ConnectionTester tester) {
    this.callers = callers;
    this.connections = connections;
    this.tester = tester;
  }

  /** Stores credentials under a name. */
  @POST
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<RestResponse<ConnectionView>> create(Create request) {
    Caller caller = callers.get();
    return closing(
            request.credentials(),
            () -> {
              caller.requireTenant(request.tenantId());
              return connections.create(caller, request);
            })
        .map(
            view ->
                ResponseBuilder.create(RestResponse.Status.CREATED, view)
                    .header(HttpHeaders.LOCATION, PATH + "/" + view.id())
                    .header(HttpHeaders.ETAG, ETags.of(view.version()))
                    .build());
  }

  /** The newest first. */
  @GET
  @PermissionsAllowed(Permissions.CONNECTIONS_READ)
  public Uni<RestResponse<List<ConnectionView>>> list(
      @RestQuery @Nullable String provider,
      @RestQuery("q") @Nullable String search,
      @RestQuery @Nullable String status,
      @RestQuery @Nullable String ids,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor,
      @Context UriInfo uri) {
    PageRequest page = PageRequest.of(limit, cursor);
    Cursor after = page.cursor();
    return connections
        .list(
            callers.get().tenant(),
            ConnectionFilter.of(provider, search, status, ids),
            after == null ? null : after.after(),
            page.limit() + 1)
        .map(found -> Pages.of(found, ConnectionView::id, page, uri));
  }

  @GET
  @Path("{id}")
  @PermissionsAllowed(Permissions.CONNECTIONS_READ)
  public Uni<RestResponse<ConnectionView>> get(String id) {
    return connections
        .get(callers.get().tenant(), Uuids.inPath(id, CONNECTION))
        .map(ConnectionsResource::tagged);
  }

  /** Renames, replaces credentials or settings, pauses and resumes. */
  @PATCH
  @Path("{id}")
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<RestResponse<ConnectionView>> patch(
      String id, @Context HttpHeaders headers, Patch request) {
    Caller caller = callers.get();
    return closing(
            request.credentials(),
            () -> {
              caller.requireTenant(request.tenantId());
              return connections.patch(
                  caller, Uuids.inPath(id, CONNECTION), request, ETags.ifMatch(headers));
            })
        .map(ConnectionsResource::tagged);
  }

  @DELETE
  @Path("{id}")
  @NoBody
  @Consumes(MediaType.WILDCARD)
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<Void> delete(String id, @Context HttpHeaders headers) {
    return connections.delete(callers.get(), Uuids.inPath(id, CONNECTION), ETags.ifMatch(headers));
  }

  /** Tries the credentials against the provider. */
  @POST
  @Path("{id}/test")
  @NoBody
  @Consumes(MediaType.WILDCARD)
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<TestAnswer> test(String id) {
    return tester.test(callers.get(), Uuids.inPath(id, CONNECTION));
  }

  /** Tries credentials that are not stored; the event log knows of the test, nothing else stays. */
  @POST
  @Path("test")
  @PermissionsAllowed(Permissions.CONNECTIONS_WRITE)
  public Uni<TestAnswer> testUnsaved(Trial request) {
    Caller caller = callers.get();
    return closing(
        request.credentials(),
        () -> {
          caller.requireTenant(request.tenantId());
          return tester.test(caller, request);
        });
  }

  private static RestResponse<ConnectionView> tagged(ConnectionView view) {
    return ResponseBuilder.ok(view).header(HttpHeaders.ETAG, ETags.of(view.version())).build();
  }
}
