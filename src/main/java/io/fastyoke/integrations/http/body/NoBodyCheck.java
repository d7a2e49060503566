package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.errors.StatusProblems;
import io.fastyoke.integrations.identity.CurrentCaller;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Checks bodies sent to endpoints that take none. */
// After BodyLimit, which reads the body. Application scoped, as the other filters are.
@NoBody
@Provider
@Priority(Priorities.USER + 1)
@ApplicationScoped
class NoBodyCheck implements ContainerRequestFilter {
  private final ObjectMapper json;
  private final UnstorableText unstorableText;
  private final CurrentCaller caller;

  NoBodyCheck(ObjectMapper json, UnstorableText unstorableText, CurrentCaller caller) {
    this.json = json;
    this.unstorableText = unstorableText;
    this.caller = caller;
  }

  /** The only field that such a body may have. */
  @RegisterForReflection
  record TenantOnly(@Nullable String tenantId) {}

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    byte[] body = request.getEntityStream().readAllBytes();
    if (body.length > 0) {
      requireJson(request.getMediaType());
      TenantOnly content = read(body);
      caller.find().ifPresent(known -> known.requireTenant(content.tenantId()));
    }
  }

  private static void requireJson(@Nullable MediaType type) {
    if (type != null && !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
      throw StatusProblems.of(415);
    }
  }

  private TenantOnly read(byte[] body) throws IOException {
    try {
      unstorableText.check(body, body.length);
      TenantOnly content = json.readValue(body, TenantOnly.class);
      if (content == null) {
        throw JsonProblems.malformed("The body is null.");
      }
      return content;
    } catch (JsonProcessingException e) {
      throw JsonProblems.toApi(e);
    }
  }
}
