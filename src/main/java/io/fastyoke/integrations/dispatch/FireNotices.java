package io.fastyoke.integrations.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.notices.NoticeRuns;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Fires notices through the queue of runs, with retries over some minutes. */
@ApplicationScoped
class FireNotices implements NoticeRuns {
  private static final String WEBHOOK = "WEBHOOK";
  private static final Actor SYSTEM = new Actor(ACTOR, null, null);
  private static final RetryOptions RETRY = new RetryOptions(10, null, null, null);

  /** Values are not expanded again: nothing in a connection's name is a placeholder. */
  private static final JsonNode BODY = JsonNodeFactory.instance.textNode("{{context.notice}}");

  private final Acceptor acceptor;

  FireNotices(Acceptor acceptor) {
    this.acceptor = acceptor;
  }

  @Override
  public Uni<Void> fire(Notice notice) {
    return acceptor
        .accept(notice.tenant(), plan(notice), true, notice.key(), null)
        .replaceWithVoid()
        .onFailure(FireNotices::isThere)
        .recoverWithNull();
  }

  /** It was stored before, and the settings or the connection's name were changed since. */
  private static boolean isThere(Throwable failure) {
    return failure instanceof ApiException refused
        && refused.code() == ErrorCode.IDEMPOTENCY_KEY_REUSED;
  }

  private static RunPlan plan(Notice notice) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    PayloadTemplate template =
        new PayloadTemplate(notice.connection().toString(), null, notice.path(), null, BODY);
    return new RunPlan(
            nodes.objectNode().put("id", notice.job()),
            nodes.objectNode().put("event_type", notice.type()),
            nodes.objectNode().set("notice", notice.body()),
            SYSTEM,
            List.of(new PlannedAction(WEBHOOK, template, false, RETRY)))
        .asNotice();
  }
}
