package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.runs.FindRuns.RunFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One bulk replay, and the idempotency keys of its new runs. These keys contain line feeds, which a
 * caller's keys cannot, so the two never collide. Each names the original run, so that two
 * concurrent calls replay it once.
 *
 * @param filter which runs
 * @param callersKey the call's own {@code Idempotency-Key}: the same call again finds its runs by
 *     it
 */
record BulkReplay(RunFilter filter, @Nullable String callersKey) {
  private static final char LINE = '\n';

  /** The prefix of the keys of this call; the original's id follows. */
  String prefix() {
    String call = callersKey == null ? "" + LINE : callersKey + LINE + hash();
    return "replay" + LINE + call + LINE;
  }

  /** The key of the run that replays an original. */
  String key(UUID original) {
    return prefix() + original;
  }

  /**
   * @throws ApiException 422 when an earlier call with the same key had another filter
   */
  void requireSame(String keyOfEarlierRun) {
    if (!keyOfEarlierRun.startsWith(prefix())) {
      throw ApiException.of(
          ErrorCode.IDEMPOTENCY_KEY_REUSED,
          "This Idempotency-Key was used for another request. Use a new key for a new request.");
    }
  }

  private String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(filter.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
