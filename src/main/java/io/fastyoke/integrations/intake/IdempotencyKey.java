package io.fastyoke.integrations.intake;

import io.fastyoke.integrations.errors.ApiException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An idempotency key: 1 to 255 visible ASCII characters and spaces. */
public final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /**
   * The key of a request, or null when it has none.
   *
   * @throws ApiException 400 when it is empty, given twice, too long or not ASCII
   */
  public static @Nullable String of(HttpHeaders headers) {
    List<String> keys = headers.getRequestHeader(HEADER);
    if (keys == null || keys.isEmpty()) {
      return null;
    }
    if (keys.size() > 1) {
      throw ApiException.invalid(HEADER, "must be given once");
    }
    String key = keys.get(0);
    if (!isValid(key)) {
      throw ApiException.invalid(
          HEADER, "must be 1 to " + MAX_LENGTH + " visible ASCII characters");
    }
    return key;
  }

  /** Whether a text is a key. */
  static boolean isValid(String key) {
    return !key.isBlank()
        && key.length() <= MAX_LENGTH
        && key.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
