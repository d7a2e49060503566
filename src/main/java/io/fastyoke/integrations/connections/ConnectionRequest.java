package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.vault.Credentials;
import org.jspecify.annotations.Nullable;

/** The body of a request about a connection, as it was sent: nothing in it is validated yet. */
public final class ConnectionRequest {
  private ConnectionRequest() {}

  /** A new connection. */
  public record Create(
      @Nullable String provider,
      @Nullable String connectionName,
      @Nullable Credentials credentials,
      @Nullable ConnectionSettings settings,
      @Nullable String tenantId) {}

  /** Credentials to be tested without being stored. */
  public record Trial(
      @Nullable String provider,
      @Nullable Credentials credentials,
      @Nullable ConnectionSettings settings,
      @Nullable String tenantId) {}

  /**
   * A change; what is absent stays as it is.
   *
   * @param credentials replace the old ones as a whole
   * @param settings replace the old ones as a whole
   * @param status {@code active} or {@code paused}
   */
  public record Patch(
      @Nullable String connectionName,
      @Nullable Credentials credentials,
      @Nullable ConnectionSettings settings,
      @Nullable String status,
      @Nullable String tenantId) {}
}
