package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.errors.ApiException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code Idempotency-Key} of a request: 1 to 255 visible ASCII characters and spaces. */
final class IdempotencyKey {
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /**
   * The key, or null when there is none.
   *
   * @throws ApiException 400 when it is empty, given twice, too long or not ASCII
   */
  static @Nullable String of(HttpHeaders headers) {
    List<String> keys = headers.getRequestHeader("Idempotency-Key");
    if (keys == null || keys.isEmpty()) {
      return null;
    }
    if (keys.size() > 1) {
      throw ApiException.invalid("Idempotency-Key", "must be given once");
    }
    String key = keys.get(0);
    boolean visible = key.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (key.isBlank() || key.length() > MAX_LENGTH || !visible) {
      throw ApiException.invalid(
          "Idempotency-Key", "must be 1 to " + MAX_LENGTH + " visible ASCII characters");
    }
    return key;
  }
}
