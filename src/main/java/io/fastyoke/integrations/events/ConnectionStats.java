package io.fastyoke.integrations.events;

import java.util.List;
import java.util.UUID;

/**
 * How the deliveries of one connection went. Each action counts once, at the moment at which it was
 * decided.
 *
 * @param buckets in the order of time; empty buckets are left out
 */
public record ConnectionStats(
    UUID connectionId, DeliveryStats.Counts totals, List<DeliveryStats.BucketCounts> buckets) {}
