package io.fastyoke.integrations.vault;

import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * The configuration stops the start. Quarkus prints the message of a {@link ConfigurationException}
 * as one line, without a stack trace, and exits with code 1.
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
