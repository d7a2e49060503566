package io.fastyoke.integrations.queue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.notices.NoticeSql;
import io.fastyoke.integrations.notices.NoticeType;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of the outcomes of attempts a tenant may want to be told. The database decides whether it
 * does; nothing is ever told about a notice. A success costs nothing here.
 */
final class NoticedOutcomes {
  static final String COUNT = NoticeSql.OUTCOMES;

  private NoticedOutcomes() {}

  private record Noticed(
      ClaimedRun run, NoticeType type, @Nullable UUID connection, String detail) {}

  /** The statement that counts them, behind the one that records the outcomes; if there are any. */
  static Optional<Statement> count(List<Completion> completions, Instant now) {
    List<Noticed> all = completions.stream().flatMap(done -> of(done).stream()).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
    Tuple parameters =
        Tuple.tuple()
            .addArrayOfString(
                column(all, noticed -> noticed.run().tenant().value()).toArray(new String[0]))
            .addArrayOfUUID(column(all, noticed -> noticed.run().id()).toArray(new UUID[0]))
            .addArrayOfLong(
                column(all, noticed -> noticed.run().claim().leaseToken()).toArray(new Long[0]))
            .addArrayOfUUID(
                column(all, noticed -> noticed.run().claim().owner()).toArray(new UUID[0]))
            .addArrayOfString(column(all, noticed -> noticed.type().wire()).toArray(new String[0]))
            .addArrayOfUUID(RunRows.uuids(column(all, Noticed::connection)))
            .addArrayOfString(column(all, Noticed::detail).toArray(new String[0]))
            .addArrayOfOffsetDateTime(column(all, any -> at).toArray(new OffsetDateTime[0]));
    return Optional.of(new Statement(COUNT, parameters));
  }

  private static List<Noticed> of(Completion completion) {
    ClaimedRun run = completion.run();
    List<Noticed> all = new ArrayList<>();
    if (run.plan().notice()) {
      return all;
    }
    int index = run.index();
    if (completion.failedConnection() != null) {
      all.add(noticed(completion, NoticeType.CONNECTION_FAILING, index));
    }
    if (isUnreadable(completion.actions().get(index))) {
      all.add(noticed(completion, NoticeType.CREDENTIAL_UNREADABLE, index));
    }
    if (completion.next() instanceof Next.Finish finish && finish.status() == Run.Status.FAILED) {
      all.add(noticed(completion, NoticeType.RUN_FAILED, firstFailed(completion.actions())));
    }
    return all;
  }

  private static boolean isUnreadable(ActionProgress action) {
    return action.error() != null
        && action.error().code().equals(FailureCode.CREDENTIAL_UNREADABLE.wire());
  }

  private static int firstFailed(List<ActionProgress> actions) {
    int index = 0;
    while (actions.get(index).status() != ActionProgress.Status.FAILED) {
      index++;
    }
    return index;
  }

  private static Noticed noticed(Completion completion, NoticeType type, int index) {
    ClaimedRun run = completion.run();
    ActionProgress action = completion.actions().get(index);
    ObjectNode detail = JsonNodeFactory.instance.objectNode();
    detail.put("run_id", run.id().toString());
    detail.put("job_id", run.jobId());
    detail.put("action_index", index);
    detail.put("error_code", action.error() == null ? null : action.error().code());
    return new Noticed(
        run, type, run.plan().actions().get(index).connectionId(), detail.toString());
  }

  private static <T> List<@Nullable T> column(
      List<Noticed> all, Function<Noticed, @Nullable T> value) {
    List<@Nullable T> values = new ArrayList<>(all.size());
    all.forEach(noticed -> values.add(value.apply(noticed)));
    return values;
  }
}
