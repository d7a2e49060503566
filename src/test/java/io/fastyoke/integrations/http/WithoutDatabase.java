package io.fastyoke.integrations.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** Starts the application without a database, for tests of what stands in front of it. */
public class WithoutDatabase implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("quarkus.devservices.enabled", "false");
    overrides.put("quarkus.datasource.jdbc", "false");
    overrides.put("quarkus.datasource.reactive", "false");
    overrides.put("quarkus.hibernate-orm.enabled", "false");
    overrides.put("quarkus.flyway.enabled", "false");
    return overrides;
  }

  /** With limits small enough to be reached. */
  public static class AndTightLimits extends WithoutDatabase {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
      overrides.put("fastyoke.http.rate-limit-per-tenant", "2");
      overrides.put("fastyoke.http.request-body-timeout", "300ms");
      overrides.put(
          "fastyoke.http.cors-origins", "https://shell.example.com,http://localhost:5173");
      return overrides;
    }
  }
}
