package io.fastyoke.integrations.metering;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was fired in one bucket of time.
 *
 * @param bucket where it begins
 * @param connectionId present when grouped by connection
 */
public record UsageRow(
    Instant bucket,
    String kind,
    String provider,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID connectionId,
    long count) {}
