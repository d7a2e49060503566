package io.fastyoke.integrations.metering;

import io.fastyoke.integrations.identity.TenantId;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One fired webhook. It is billed once, even if it is recorded several times.
 *
 * @param deliveryId the key that makes it unique
 */
public record LedgerEntry(
    UUID id,
    TenantId tenant,
    UUID runId,
    UUID deliveryId,
    @Nullable UUID connectionId,
    String provider,
    Instant occurredAt) {
  private static final String KIND = "WebhookEgress";

  private static final String NAMES =
      "id, tenant_id, run_id, delivery_id, connection_id, provider, occurred_at";

  /** How many parameters {@link #addTo} adds. */
  public static final int PARAMETERS = 7;

  /**
   * The statement that inserts entries from array parameters, the first of which is {@code $first}.
   * The rows are {@code l}; a {@code JOIN} may follow that leaves some out.
   */
  public static String insert(int first) {
    return "INSERT INTO utility_ledger (%s, kind) SELECT l.*, '%s' FROM %s"
        .formatted(NAMES, KIND, unnest(first));
  }

  private static String unnest(int first) {
    return ("unnest($%d::uuid[], $%d::text[], $%d::uuid[], $%d::uuid[], $%d::uuid[], $%d::text[],"
            + " $%d::timestamptz[]) AS l(%s)")
        .formatted(first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, NAMES);
  }

  /** Adds one array parameter for each column. */
  public static void addTo(Tuple parameters, List<LedgerEntry> entries) {
    parameters.addArrayOfUUID(column(entries, LedgerEntry::id).toArray(new UUID[0]));
    parameters.addArrayOfString(
        column(entries, entry -> entry.tenant().value()).toArray(new String[0]));
    parameters.addArrayOfUUID(column(entries, LedgerEntry::runId).toArray(new UUID[0]));
    parameters.addArrayOfUUID(column(entries, LedgerEntry::deliveryId).toArray(new UUID[0]));
    parameters.addArrayOfUUID(column(entries, LedgerEntry::connectionId).toArray(new UUID[0]));
    parameters.addArrayOfString(column(entries, LedgerEntry::provider).toArray(new String[0]));
    parameters.addArrayOfOffsetDateTime(
        column(entries, entry -> entry.occurredAt().atOffset(ZoneOffset.UTC))
            .toArray(new OffsetDateTime[0]));
  }

  private static <T> List<@Nullable T> column(
      List<LedgerEntry> entries, Function<LedgerEntry, @Nullable T> value) {
    return entries.stream()
        .<@Nullable T>map(value)
        .collect(java.util.stream.Collectors.toCollection(java.util.ArrayList::new));
  }
}
