package io.fastyoke.integrations.notices;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a run of a notice, as of anything that is fired. */
public interface NoticeRuns {
  /**
   * A notice.
   *
   * @param connection that carries it
   * @param job notices of one job arrive in their order
   * @param key the same key again is the same run
   * @param body what is sent, see {@link NoticeBody}
   */
  record Notice(
      TenantId tenant,
      UUID connection,
      @Nullable String path,
      String job,
      String key,
      String type,
      JsonNode body) {}

  /** Who the event log says it was. */
  String ACTOR = "system";

  /** The job of the notices about a connection. */
  static String job(String connection) {
    return "notice:" + connection;
  }

  /** Stores the run, unless it is there already. Fails when the queue does not take it now. */
  Uni<Void> fire(Notice notice);
}
