package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.connections.KeyUsage.KeyRow;
import io.fastyoke.integrations.http.body.NoBody;
import io.fastyoke.integrations.identity.Permissions;
import io.fastyoke.integrations.vault.KeyRing;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Shows the platform's operators which keys are in use, and re-seals. */
@Path("/api/v1/super/keys")
@Produces(MediaType.APPLICATION_JSON)
public class KeysResource {
  private final KeyUsage usage;
  private final KeyRing keys;
  private final Resealer resealer;

  KeysResource(KeyUsage usage, KeyRing keys, Resealer resealer) {
    this.usage = usage;
    this.keys = keys;
    this.resealer = resealer;
  }

  /** The keys and the progress of re-sealing. */
  public record Keys(String active, List<KeyRow> keys, Reseal reseal) {}

  /**
   * How far re-sealing has come.
   *
   * @param state of this replica: {@code idle}, {@code running}, {@code elsewhere}, {@code done} or
   *     {@code failed}
   * @param done connections sealed again by this replica since it started
   * @param remaining connections under a retired key
   */
  public record Reseal(String state, long done, long remaining) {}

  @GET
  @PermissionsAllowed(Permissions.PLATFORM)
  public Uni<Keys> keys() {
    return usage.count().map(this::view);
  }

  /** Begins to re-seal, if this replica is not at it. */
  @POST
  @Path("reseal")
  @NoBody
  @Consumes(MediaType.WILDCARD)
  @ResponseStatus(202)
  @PermissionsAllowed(Permissions.PLATFORM)
  public Uni<Keys> reseal() {
    resealer.start();
    return keys();
  }

  private Keys view(List<KeyRow> rows) {
    return new Keys(
        keys.active().hex(),
        rows,
        new Reseal(resealer.state().wire(), resealer.done(), KeyUsage.retired(rows)));
  }
}
