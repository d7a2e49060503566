package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a {@link FiredRequest}: a run that is to be executed, or one that has failed.
 *
 * @param run of a refused request its actions are decided
 * @param refusal the event of a refused request; null when it is not refused
 */
public record CheckedRequest(NewRun run, @Nullable Event refusal) {
  public boolean isRefused() {
    return refusal != null;
  }
}
