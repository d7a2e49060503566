package io.fastyoke.integrations.intake;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** Who acts, as {@code fastyoke_fire} is told; what a token's claims say for {@code POST}. */
@RegisterForReflection
record FiredActor(@Nullable String sub, @Nullable String email, @Nullable String impersonatedBy) {
  /** Of the engine's own tokens. */
  static final Actor ENGINE = new Actor("engine", null, null);

  private static final int MAX_LENGTH = 1_000;

  Actor checked() {
    if (sub == null || sub.isBlank()) {
      throw ApiException.invalid("actor.sub", "is required");
    }
    requireShort("actor.sub", sub);
    requireShort("actor.email", email);
    requireShort("actor.impersonated_by", impersonatedBy);
    return new Actor(sub, email, impersonatedBy);
  }

  private static void requireShort(String field, @Nullable String value) {
    if (value != null && value.length() > MAX_LENGTH) {
      throw ApiException.invalid(field, "must be at most " + MAX_LENGTH + " characters");
    }
  }
}
