package io.fastyoke.integrations.http;

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

/** Looks at the bodies that come to endpoints without one. */
// After BodyLimit, which has read the body. Application scoped, as the other filters are.
@NoBody
@Provider
@Priority(Priorities.USER + 1)
@ApplicationScoped
class NoBodyCheck implements ContainerRequestFilter {
  private final ObjectMapper json;
  private final UnstorableText plainText;
  private final CurrentCaller caller;

  NoBodyCheck(ObjectMapper json, UnstorableText plainText, CurrentCaller caller) {
    this.json = json;
    this.plainText = plainText;
    this.caller = caller;
  }

  /** All that such a body may say. */
  @RegisterForReflection
  record Named(@Nullable String tenantId) {}

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    byte[] body = request.getEntityStream().readAllBytes();
    if (body.length > 0) {
      requireJson(request.getMediaType());
      Named named = read(body);
      caller.find().ifPresent(known -> known.requireTenant(named.tenantId()));
    }
  }

  private static void requireJson(@Nullable MediaType type) {
    if (type != null && !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
      throw StatusProblems.of(415);
    }
  }

  private Named read(byte[] body) throws IOException {
    try {
      plainText.check(body, body.length);
      Named named = json.readValue(body, Named.class);
      if (named == null) {
        throw JsonProblems.malformed("The body is null.");
      }
      return named;
    } catch (JsonProcessingException e) {
      throw JsonProblems.toApi(e);
    }
  }
}
