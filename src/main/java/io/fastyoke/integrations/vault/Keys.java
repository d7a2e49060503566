package io.fastyoke.integrations.vault;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Makes encryption keys, and reads them as the start would. */
public final class Keys {
  private Keys() {}

  /** A new key as it is given to {@code ENCRYPTION_KEY}: 64 hexadecimal digits. */
  public static String generate() {
    return EncryptionKey.generate();
  }

  /**
   * Which keys there are, by their ids.
   *
   * @param given a setting's value by its name, whether it is in the environment or in a file
   * @throws StartRefused when the service would not start with them; the message is one line
   */
  public static String describe(Function<String, Optional<String>> given) {
    KeyRing ring = new KeyRingLoader(true).load(config(given));
    return "credentials are sealed under key %s; retired keys: %d"
        .formatted(ring.active(), ring.keyIds().size() - 1);
  }

  private static EncryptionConfig config(Function<String, Optional<String>> given) {
    return new EncryptionConfig() {
      @Override
      public Optional<String> key() {
        return given.apply("ENCRYPTION_KEY");
      }

      @Override
      public Optional<Path> keyFile() {
        return Optional.empty();
      }

      @Override
      public Optional<String> keysRetired() {
        return given.apply("ENCRYPTION_KEYS_RETIRED");
      }

      @Override
      public Optional<Path> keysRetiredFile() {
        return Optional.empty();
      }
    };
  }
}
