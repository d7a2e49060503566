package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.support.FreshPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service as it is shipped starts, is ready and stops when it is asked to. */
class ServiceProcessIT {
  @RegisterExtension static final FreshPostgres DATABASE = new FreshPostgres();

  @Test
  void startsServesAndStops() throws IOException, InterruptedException {
    try (ServiceProcess service = ServiceProcess.start(ServiceProcess.env(DATABASE.server()))) {
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

  @Test
  void loadsItsClassesFromTheArchive() {
    ServicePackage.assumeJvm("a native executable loads no classes");
    Map<String, String> env = ServiceProcess.env(DATABASE.server());
    env.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load");
    try (ServiceProcess service = ServiceProcess.start(env)) {
      long fromArchive = loaded(service, "source: shared objects file (top)");
      long fromJars = loaded(service, "source: file:");
      assertThat(fromArchive).isGreaterThan(5_000);
      assertThat(fromJars).isLessThan(fromArchive / 20);
      firstRequestsNeedNothingThatTakesLong(service);
    }
  }

  /** What is needed once is there before the port opens; what it takes shows as classes. */
  private static void firstRequestsNeedNothingThatTakesLong(ServiceProcess service) {
    int before = service.logLines().size();
    ServiceClient tenant = ServiceClient.tenant("first");
    for (String path :
        List.of(
            "connections?provider=twilio&search=a", "connections", "action-runs", "providers")) {
      String address = "/api/v1/tenant/" + path;
      assertThat(tenant.send(service.baseUri(), "GET", address, null).status()).isEqualTo(200);
    }
    // Read once: the log goes on growing.
    List<String> lines = service.logLines();
    assertThat(lines.subList(before, lines.size()))
        .filteredOn(line -> line.contains("source: "))
        .noneMatch(line -> line.contains(" org.jose4j.jws."));
    // Reading Hibernate's language for the first time takes longer than all the rest of the start.
    assertThat(lines).noneMatch(line -> line.contains(" org.hibernate.grammars.hql"));
  }

  private static long loaded(ServiceProcess service, String source) {
    return service.logLines().stream().filter(line -> line.contains(source)).count();
  }
}
