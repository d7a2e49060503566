package io.fastyoke.integrations.settings;

import org.jspecify.annotations.Nullable;

/**
 * One setting.
 *
 * @param name of its environment variable
 * @param property under which the service reads it, if not the name itself
 * @param secret whether {@code NAME_FILE} may name a file with the value
 * @param otherwise default for an empty value; null if an empty value means "not set"
 */
record Setting(
    String name,
    SettingType kind,
    @Nullable String property,
    boolean secret,
    @Nullable String otherwise) {

  static Setting of(String name, SettingType kind) {
    return new Setting(name, kind, null, false, null);
  }

  /** The same setting, read by the service under the name of a property. */
  Setting as(String readAs) {
    return new Setting(name, kind, readAs, secret, otherwise);
  }

  Setting asSecret() {
    return new Setting(name, kind, property, true, otherwise);
  }

  Setting or(String whenEmpty) {
    return new Setting(name, kind, property, secret, whenEmpty);
  }
}
