package io.fastyoke.integrations.metering;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks fired in one time bucket.
 *
 * @param bucket its start, in UTC
 * @param connectionId present when grouped by connection
 */
public record UsageRow(
    Instant bucket,
    String kind,
    String provider,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID connectionId,
    long count) {}
