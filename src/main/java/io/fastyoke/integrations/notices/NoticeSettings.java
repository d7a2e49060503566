package io.fastyoke.integrations.notices;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is told; an empty object on the wire for nothing.
 *
 * @param connectionId the connection that carries the notices
 * @param path appended to its address; null for none
 * @param events the names of {@link NoticeType}
 * @param stopped why nothing is told all the same: {@code connection_deleted}; null when it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NoticeSettings(
    @Nullable UUID connectionId,
    @Nullable String path,
    @Nullable List<String> events,
    @Nullable String stopped) {
  /** Nothing is told. */
  static final NoticeSettings NONE = new NoticeSettings(null, null, null, null);
}
