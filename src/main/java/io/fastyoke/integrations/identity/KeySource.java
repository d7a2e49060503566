package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Where verification keys come from. */
interface KeySource {
  /**
   * The key for a token.
   *
   * @param kid the key id in the token's header; only ever compared, never followed
   * @return fails with {@link RefusedTokenException} when there is no such key, and with {@link
   *     KeysUnavailableException} when there are no keys at all yet
   */
  Uni<VerificationKey> find(@Nullable String kid);

  /** A source of one fixed key, for any key id. */
  static KeySource of(VerificationKey key) {
    return kid -> Uni.createFrom().item(key);
  }
}
