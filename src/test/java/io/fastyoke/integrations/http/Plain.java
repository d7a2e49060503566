package io.fastyoke.integrations.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The application as it is, in a start of its own. */
public class Plain implements QuarkusTestProfile {

  /** With limits small enough to be reached. */
  public static class AndTightLimits extends Plain {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "fastyoke.http.rate-limit-per-tenant", "2",
          "fastyoke.http.request-body-timeout", "300ms",
          "fastyoke.http.cors-origins", "https://Shell.example.com/, http://localhost:5173");
    }
  }
}
