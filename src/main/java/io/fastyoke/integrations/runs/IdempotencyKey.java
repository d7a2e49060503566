package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.http.ApiException;
import org.jspecify.annotations.Nullable;

/** The {@code Idempotency-Key} of a request: 1 to 255 visible ASCII characters and spaces. */
final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * @throws ApiException 400 when it is empty, too long or not ASCII
   */
  static @Nullable String check(@Nullable String key) {
    if (key == null) {
      return null;
    }
    boolean visible = key.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (key.isBlank() || key.length() > LONGEST || !visible) {
      throw ApiException.invalid(
          "Idempotency-Key", "must be 1 to " + LONGEST + " visible ASCII characters");
    }
    return key;
  }
}
