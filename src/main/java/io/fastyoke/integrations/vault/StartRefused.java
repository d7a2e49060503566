package io.fastyoke.integrations.vault;

import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * The service must not start with this configuration. Being a {@link ConfigurationException},
 * Quarkus prints the message as one line, without a stack trace, and ends with exit code 1.
 */
public final class StartRefused extends ConfigurationException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the operator that says what to do; never quotes a secret
   */
  public StartRefused(String message) {
    super(message);
  }
}
