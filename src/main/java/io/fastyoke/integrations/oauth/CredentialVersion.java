package io.fastyoke.integrations.oauth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
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

  /** A name that no other version of any connection has. */
  String name() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(sealed);
      return connection + "/" + Base64.getUrlEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  boolean isSameAs(CredentialVersion other) {
    return sealed == other.sealed || Arrays.equals(sealed, other.sealed);
  }
}
