package io.fastyoke.integrations.database.url;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether connections to PostgreSQL are encrypted, and how the server is verified.
 *
 * @param roots file of trusted certificate authorities; {@link #SYSTEM} for those of the Java
 *     runtime; null if the server is not verified
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html">libpq, 34.19</a>
 */
public record TlsMode(Mode mode, @Nullable String roots) {
  public static final String SYSTEM = "system";

  private static final String DEFAULT_ROOTS = ".postgresql/root.crt";

  /** libpq's modes, from weakest to strongest. */
  public enum Mode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** The spelling in a URI. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Whether the server's certificate is checked. */
  public boolean verifies() {
    return mode.compareTo(Mode.VERIFY_CA) >= 0;
  }

  /**
   * Combines the two parameters as libpq does.
   *
   * @throws IllegalArgumentException with the reason, without the setting's name
   */
  static TlsMode of(@Nullable String sslMode, @Nullable String sslRootCert) {
    if (SYSTEM.equals(sslRootCert)) {
      if (sslMode != null && mode(sslMode) != Mode.VERIFY_FULL) {
        throw new IllegalArgumentException(
            "sslrootcert=system goes with sslmode=verify-full only: anyone can have a certificate");
      }
      return new TlsMode(Mode.VERIFY_FULL, SYSTEM);
    }
    Mode mode = sslMode == null ? Mode.PREFER : mode(sslMode);
    String roots = mode.compareTo(Mode.REQUIRE) < 0 ? null : roots(sslRootCert);
    if (mode == Mode.REQUIRE && roots != null) {
      // "For backward compatibility" (34.19.1): a root certificate is used where there is one.
      return new TlsMode(Mode.VERIFY_CA, roots);
    }
    if (mode.compareTo(Mode.VERIFY_CA) >= 0 && roots == null) {
      throw new IllegalArgumentException(
          "sslmode=%s needs the authority that signed the server's certificate: add sslrootcert=FILE, or sslrootcert=system for a public one"
              .formatted(mode.word()));
    }
    return new TlsMode(mode, roots);
  }

  private static Mode mode(String word) {
    return Arrays.stream(Mode.values())
        .filter(mode -> mode.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "its sslmode is none of "
                        + Arrays.stream(Mode.values())
                            .map(Mode::word)
                            .collect(Collectors.joining(", "))));
  }

  private static @Nullable String roots(@Nullable String named) {
    if (named == null || named.isEmpty()) {
      Path usual = Path.of(System.getProperty("user.home", ""), DEFAULT_ROOTS);
      return Files.isReadable(usual) ? usual.toString() : null;
    }
    if (!Files.isReadable(Path.of(named))) {
      throw new IllegalArgumentException(
          "its sslrootcert names a file that cannot be read: " + named);
    }
    return named;
  }
}
