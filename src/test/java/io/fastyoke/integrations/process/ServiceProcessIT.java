package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service as it is shipped starts, is ready and stops when it is asked to. */
class ServiceProcessIT {
  @Test
  void startsServesAndStops() throws IOException, InterruptedException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        ServiceProcess service =
            ServiceProcess.start(
                Map.of(
                    "DATABASE_URL",
                    "postgres://postgres@localhost:"
                        + postgres.getPort()
                        + "/postgres?sslmode=disable",
                    "ENCRYPTION_KEY",
                    ServiceClient.ENCRYPTION_KEY,
                    "JWT_SECRET",
                    "a shared secret of enough length for HS256"))) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(service.baseUri().resolve("/api/v1/tenant/connections"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(service.terminate()).isZero();
      assertThat(service.isAlive()).isFalse();
      assertThat(service.log()).contains("integrations stopped in");
    }
  }
}
