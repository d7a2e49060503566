package io.fastyoke.integrations.settings;

/** A setting's value stops the start. */
public final class SettingRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the operator that names the setting and says what to do; never
   *     quotes a secret
   */
  SettingRefused(String message) {
    super(message);
  }
}
