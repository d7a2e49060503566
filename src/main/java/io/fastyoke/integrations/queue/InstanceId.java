package io.fastyoke.integrations.queue;

import jakarta.inject.Singleton;
import java.util.UUID;

/** The name of this process among the replicas, a new one for each start. */
@Singleton
final class InstanceId {
  private final UUID id = UUID.randomUUID();

  UUID id() {
    return id;
  }
}
