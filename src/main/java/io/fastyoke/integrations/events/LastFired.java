package io.fastyoke.integrations.events;

import java.time.Instant;

/**
 * The newest attempt of a connection.
 *
 * @param outcome {@code success} or {@code failure}
 */
public record LastFired(Instant at, String outcome) {}
