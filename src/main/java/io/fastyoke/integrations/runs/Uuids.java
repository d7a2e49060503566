package io.fastyoke.integrations.runs;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ids strictly: {@link UUID#fromString} takes abbreviations for ids. */
final class Uuids {
  private static final Pattern SHAPE =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Uuids() {}

  static @Nullable UUID parse(@Nullable String text) {
    return text != null && SHAPE.matcher(text).matches() ? UUID.fromString(text) : null;
  }
}
