package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.DatabaseReadiness;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while there are credentials that no key of this service opens: a key is missing. */
@Readiness
@ApplicationScoped
class KeysReadiness implements AsyncHealthCheck {
  private static final String NAME = "Keys of the stored credentials";

  private final KeyUsage usage;

  KeysReadiness(KeyUsage usage) {
    this.usage = usage;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return usage
        .count()
        .ifNoItem()
        .after(DatabaseReadiness.TIMEOUT)
        .fail()
        .map(
            rows -> {
              var response = HealthCheckResponse.named(NAME).up();
              for (KeyUsage.KeyRow row : rows) {
                if (row.state().equals("unknown")) {
                  response.down().withData("unknown_key_" + row.keyId(), row.connections());
                }
              }
              return response.build();
            })
        .onFailure()
        .recoverWithItem(
            () ->
                HealthCheckResponse.named(NAME)
                    .down()
                    .withData("reason", "the database does not answer")
                    .build());
  }
}
