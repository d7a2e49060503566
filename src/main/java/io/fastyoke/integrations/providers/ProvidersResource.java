package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.identity.Permissions;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Describes the providers; forms and validation both come from it. */
@Path("/api/v1/tenant/providers")
@Produces(MediaType.APPLICATION_JSON)
public class ProvidersResource {
  private final ProviderRegistry registry;

  ProvidersResource(ProviderRegistry registry) {
    this.registry = registry;
  }

  @GET
  @PermissionsAllowed(Permissions.CONNECTIONS_READ)
  public Uni<List<ProviderDescription>> providers() {
    return Uni.createFrom().item(registry.all());
  }
}
