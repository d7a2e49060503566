package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Sends a request once, as {@link Egress#send(OutboundRequest, Duration, boolean,
 * BooleanSupplier)}.
 */
@FunctionalInterface
interface Sender {
  Uni<Exchange> send(
      OutboundRequest request,
      Duration connectTimeout,
      boolean repeatable,
      BooleanSupplier mayWrite);
}
