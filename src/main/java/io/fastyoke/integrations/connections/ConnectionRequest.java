package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.vault.Credentials;
import org.jspecify.annotations.Nullable;

/** What a tenant may say about a connection. Nothing in it has been checked yet. */
public final class ConnectionRequest {
  private ConnectionRequest() {}

  /** A new connection. */
  public record Create(
      @Nullable String provider,
      @Nullable String connectionName,
      @Nullable Credentials credentials,
      @Nullable ConnectionSettings settings,
      @Nullable String tenantId) {}

  /** Credentials to be tested before anybody stores them. */
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
