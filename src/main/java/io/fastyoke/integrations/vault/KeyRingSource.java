package io.fastyoke.integrations.vault;

import io.fastyoke.integrations.identity.DevMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Loads the key ring at the start, so that a bad key stops the start. */
@Singleton
final class KeyRingSource {
  private static final Logger LOG = Logger.getLogger(KeyRingSource.class);
  private static final int FIRST = 1;

  @Produces
  @Singleton
  KeyRing ring(EncryptionConfig config) {
    return new KeyRingLoader(!DevMode.allowed()).load(config);
  }

  void atStart(@Observes @Priority(FIRST) StartupEvent start, KeyRing ring) {
    LOG.infof(
        "Credentials are sealed under key %s (keys in the ring: %d).",
        ring.active(), ring.keyIds().size());
  }
}
