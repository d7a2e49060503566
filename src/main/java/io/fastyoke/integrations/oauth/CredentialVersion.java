package io.fastyoke.integrations.oauth;

import java.util.Arrays;
import java.util.UUID;

/**
 * One version of a connection's credentials. A token is never used with another version than the
 * one that it was asked for with.
 */
public final class CredentialVersion {
  private final UUID connection;
  private final byte[] sealed;

  /**
   * @param sealed the credentials as they are stored: sealed anew, they are different bytes
   */
  public CredentialVersion(UUID connection, byte[] sealed) {
    this.connection = connection;
    this.sealed = sealed;
  }

  UUID connection() {
    return connection;
  }

  boolean isSameAs(CredentialVersion other) {
    return sealed == other.sealed || Arrays.equals(sealed, other.sealed);
  }
}
