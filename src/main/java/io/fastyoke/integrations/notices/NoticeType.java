package io.fastyoke.integrations.notices;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a tenant may be told. */
public enum NoticeType {
  /** A connection was paused: by a person, for its failures, or because its receiver said so. */
  CONNECTION_PAUSED("connection.paused"),
  /** A paused connection is active again. */
  CONNECTION_RESUMED("connection.resumed"),
  /** The last attempts at an active connection have all failed; see {@link NoticeSql#FAILURES}. */
  CONNECTION_FAILING("connection.failing"),
  /** A run has ended as failed. */
  RUN_FAILED("run.failed"),
  /** An action failed because the keys of the service do not open the credentials. */
  CREDENTIAL_UNREADABLE("credential.unreadable"),
  /** A client certificate ends soon; see {@link NoticeSql#CERTIFICATE_DAYS}. */
  CERTIFICATE_EXPIRING("certificate.expiring");

  private final String wire;

  NoticeType(String wire) {
    this.wire = wire;
  }

  /** The name in the API and in the database. */
  public String wire() {
    return wire;
  }

  static Optional<NoticeType> of(String wire) {
    return Arrays.stream(values()).filter(type -> type.wire.equals(wire)).findFirst();
  }

  /** All names. */
  static List<String> names() {
    return Arrays.stream(values()).map(NoticeType::wire).toList();
  }
}
