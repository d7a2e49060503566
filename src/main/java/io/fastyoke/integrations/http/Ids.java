package io.fastyoke.integrations.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads ids of paths and queries. */
public final class Ids {
  // UUID.fromString alone also takes "1-1-1-1-1".
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private Ids() {}

  /**
   * The id in a path.
   *
   * @param what names the kind of thing for people, such as "connection"
   * @throws ApiException 404 when it is no UUID, as for one that does not exist
   */
  public static UUID inPath(String text, String what) {
    return parse(text).orElseThrow(() -> ApiException.notFound(what));
  }

  /** A UUID in its canonical form of 36 characters, or nothing. */
  public static Optional<UUID> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }
}
