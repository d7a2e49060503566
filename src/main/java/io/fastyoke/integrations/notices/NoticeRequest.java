package io.fastyoke.integrations.notices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request to be told something, as it was sent: nothing in it is validated yet. */
public record NoticeRequest(
    @Nullable String connectionId,
    @Nullable String path,
    @Nullable List<@Nullable String> events,
    @Nullable String tenantId) {

  /** Whether it asks for nothing to be told. */
  boolean isEmpty() {
    return connectionId == null && path == null && events == null;
  }
}
