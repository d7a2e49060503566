package io.fastyoke.integrations.vault;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The encryption keys, each 64 hexadecimal digits, from the environment or from files (which
 * orchestrators mount as secrets). A value and its file together are refused.
 */
@ConfigMapping(prefix = "encryption")
public interface EncryptionConfig {
  /** {@code ENCRYPTION_KEY}: the active key, which seals and opens. */
  Optional<String> key();

  /**
   * {@code ENCRYPTION_KEY_FILE}: a file with the active key; surrounding white space is ignored.
   */
  Optional<Path> keyFile();

  /** {@code ENCRYPTION_KEYS_RETIRED}: keys that only open, separated by commas. */
  Optional<String> keysRetired();

  /** {@code ENCRYPTION_KEYS_RETIRED_FILE}: a file with retired keys, by commas or lines. */
  Optional<Path> keysRetiredFile();
}
