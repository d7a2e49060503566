package io.fastyoke.integrations.connections;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fastyoke.integrations.events.LastFired;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection on the wire: everything but the credentials. Flat like the JSON, and made in one
 * place only.
 *
 * @param status {@code active}, {@code paused}, or {@code unreadable} when no key of the service
 *     opens it
 * @param keyId the key that sealed the credentials
 * @param lastOutcome {@code success} or {@code failure} of the newest attempt
 * @param host where its requests go; null when it was saved before that was kept
 * @param certificateExpiresAt when its client certificate ends; null without one
 * @param version what the ETag is made of
 */
public record ConnectionView(
    UUID id,
    String provider,
    String connectionName,
    String status,
    ConnectionSettings settings,
    Instant createdAt,
    Instant updatedAt,
    String createdBy,
    String keyId,
    @Nullable Instant lastFiredAt,
    @Nullable String lastOutcome,
    @Nullable String host,
    @Nullable Instant certificateExpiresAt,
    @JsonIgnore long version) {
  private static final String UNREADABLE = "unreadable";

  static ConnectionView of(StoredConnection row, boolean readable, @Nullable LastFired last) {
    return new ConnectionView(
        row.id,
        row.provider,
        row.connectionName,
        readable ? row.status : UNREADABLE,
        row.settings(),
        row.createdAt,
        row.updatedAt,
        row.createdBy,
        row.sealed.keyId(),
        last == null ? null : last.at(),
        last == null ? null : last.outcome(),
        row.host,
        row.certificateExpiresAt,
        row.version);
  }
}
