package io.fastyoke.integrations.queue;

import jakarta.inject.Singleton;
import java.util.UUID;

/** Who this process is among the replicas: a name of its own for every start. */
@Singleton
final class InstanceId {
  private final UUID id = UUID.randomUUID();

  UUID id() {
    return id;
  }
}
