package io.fastyoke.integrations.connections;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code connections}. Never leaves this package: the wire has {@link ConnectionView}.
 *
 * <p>Only what was changed is written: a new name must not bring back credentials that were sealed
 * again in the meantime.
 */
@Entity
@DynamicUpdate
@Table(name = "connections")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class StoredConnection {
  static final String ACTIVE = "active";

  @Id UUID id;

  @Column(name = "tenant_id", updatable = false)
  String tenantId;

  @Column(updatable = false)
  String provider;

  @Column(name = "connection_name")
  String connectionName;

  /** The name for comparisons; null in rows from before there was one. */
  @Column(name = "name_key")
  @Nullable String nameKey;

  @Embedded Sealed sealed;

  /** Where its requests go, for people; null in rows from before it was kept. */
  @Nullable String host;

  /** When its client certificate ends; null without one. */
  @Column(name = "certificate_expires_at")
  @Nullable Instant certificateExpiresAt;

  @Column(name = "max_per_second")
  @Nullable Integer maxPerSecond;

  @Column(name = "max_in_flight")
  @Nullable Integer maxInFlight;

  @Column(name = "timeout_ms")
  @Nullable Integer timeoutMs;

  @Column(name = "pause_after_failures")
  @Nullable Integer pauseAfterFailures;

  @Column(name = "when_paused")
  @Nullable String whenPaused;

  @Column(name = "hold_hours")
  @Nullable Integer holdHours;

  String status;

  @Column(name = "trial_at")
  @Nullable Instant trialAt;

  @Version long version;

  @Column(name = "created_at", updatable = false)
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  @Column(name = "created_by", updatable = false)
  String createdBy;

  /** Gives it a name, which is unique ignoring case. */
  void name(String name) {
    connectionName = name;
    nameKey = folded(name);
  }

  /** Without case, in every language and whatever the collation of the database. */
  static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /**
   * Whether setting the status would change anything, also a planned probe of the circuit breaker.
   */
  boolean isDecidedDifferently(String decided) {
    return !status.equals(decided) || trialAt != null;
  }

  /** A status that a person sets replaces what the circuit breaker has planned. */
  void status(String decided) {
    status = decided;
    trialAt = null;
  }

  ConnectionSettings settings() {
    return new ConnectionSettings(
        maxPerSecond, maxInFlight, timeoutMs, pauseAfterFailures, whenPaused, holdHours);
  }

  void settings(ConnectionSettings settings) {
    maxPerSecond = settings.maxPerSecond();
    maxInFlight = settings.maxInFlight();
    timeoutMs = settings.timeoutMs();
    pauseAfterFailures = settings.pauseAfterFailures();
    whenPaused = settings.whenPaused();
    holdHours = settings.holdHours();
  }
}
