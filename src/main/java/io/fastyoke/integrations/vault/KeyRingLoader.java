package io.fastyoke.integrations.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Loads the keys from the configuration and refuses keys that protect nothing. Messages name
 * settings, never values.
 */
final class KeyRingLoader {
  private static final Logger LOG = Logger.getLogger(KeyRingLoader.class);
  private static final String KEY = "ENCRYPTION_KEY";
  private static final String RETIRED = "ENCRYPTION_KEYS_RETIRED";
  private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

  private final boolean strict;

  /**
   * @param strict false only in development and tests, where zeros replace a missing key and
   *     placeholders are accepted, with a warning
   */
  KeyRingLoader(boolean strict) {
    this.strict = strict;
  }

  /**
   * @throws StartRefused if a key is missing, malformed, a placeholder or given twice
   */
  KeyRing load(EncryptionConfig config) {
    EncryptionKey active =
        value(KEY, config.key(), config.keyFile())
            .map(text -> key(KEY, text))
            .orElseGet(this::missing);
    List<EncryptionKey> retired =
        value(RETIRED, config.keysRetired(), config.keysRetiredFile())
            .map(list -> SEPARATORS.splitAsStream(list).filter(text -> !text.isEmpty()))
            .orElseGet(Stream::empty)
            .map(text -> key(RETIRED, text))
            .toList();
    refuseDuplicates(active, retired);
    return new KeyRing(active, retired);
  }

  private EncryptionKey missing() {
    if (strict) {
      throw new StartRefused(
          KEY + " is not set: give it 64 hexadecimal digits (openssl rand -hex 32).");
    }
    LOG.warn(KEY + " is not set: credentials are sealed under a key of zeros.");
    return new EncryptionKey(new byte[EncryptionKey.BYTES]);
  }

  private EncryptionKey key(String name, String hex) {
    EncryptionKey key = new EncryptionKey(bytes(name, hex));
    if (key.isPlaceholder()) {
      String problem = name + " holds a placeholder: every byte of the key is the same";
      if (strict) {
        throw new StartRefused(problem + ". Make one with openssl rand -hex 32.");
      }
      LOG.warn(problem + ".");
    } else if (key.isGuessable()) {
      LOG.warnf(
          "%s holds a key that anyone can guess: it repeats, counts, or has few different bytes."
              + " Rotate it (docs/operations.md).",
          name);
    }
    return key;
  }

  private static byte[] bytes(String name, String hex) {
    if (hex.length() == EncryptionKey.BYTES * 2) {
      try {
        return HexFormat.of().parseHex(hex);
      } catch (IllegalArgumentException e) {
        // Its message quotes the digits, so it is replaced below.
      }
    }
    throw new StartRefused(
        name + " is malformed: a key is 64 hexadecimal digits (openssl rand -hex 32).");
  }

  private static Optional<String> value(String name, Optional<String> text, Optional<Path> file) {
    Optional<String> given = text.map(String::strip).filter(trimmed -> !trimmed.isEmpty());
    if (file.isEmpty()) {
      return given;
    }
    if (given.isPresent()) {
      throw new StartRefused(name + " and " + name + "_FILE are both set: give one of them.");
    }
    try {
      return Optional.of(Files.readString(file.get()).strip());
    } catch (IOException e) {
      throw new StartRefused(name + "_FILE names a file that cannot be read.");
    }
  }

  private static void refuseDuplicates(EncryptionKey active, List<EncryptionKey> retired) {
    List<EncryptionKey> all = new ArrayList<>(retired);
    all.add(active);
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (all.get(i).sameAs(all.get(j))) {
          throw new StartRefused(
              KEY + " and " + RETIRED + " hold the same key twice: each key has one place.");
        }
      }
    }
  }
}
