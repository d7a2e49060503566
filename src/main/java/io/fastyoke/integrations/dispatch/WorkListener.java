package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import java.time.Duration;

/**
 * Told when there may be something to claim. The dispatcher is the listener; the acceptor and the
 * worker know no more of it than this.
 */
interface WorkListener {
  /** A permit has been released. */
  void permitReleased();

  /** A tenant's new run is due on disk: it had no permit. */
  void runQueued(TenantId tenant);

  /** A run will be due after the delay, which may be zero. */
  void runDueIn(Duration delay);

  /** A run waits for the limits of its connection, or an attempt no longer counts towards them. */
  void limiterChanged();

  /** There may be due runs that this replica was not told of. */
  void workAvailable();
}
