package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.EventRows;
import io.fastyoke.integrations.metering.LedgerEntry;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.batching.Batcher;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of attempts, many in one transaction: progress, events and charge together or
 * not at all, and only while the claim still holds the run.
 */
@ApplicationScoped
public class RecordOutcomes {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 64;
  private static final int FIRST_EVENT = 13;
  private static final int FIRST_CHARGE = FIRST_EVENT + EventRows.COUNT;

  /**
   * The fence is the join on lease_token; lease_owner stays, and so tells this completion from a
   * new claim. A run that is to be cancelled is finished or left alone, so that no further action
   * of it starts.
   */
  static final String RECORD =
      """
      WITH closed AS (
        UPDATE action_runs r SET
          actions = u.actions,
          status = COALESCE(u.final_status, 'running'),
          finished_at = u.finished_at,
          due_at = CASE
            WHEN u.final_status IS NOT NULL THEN NULL
            WHEN u.fires_next AND (c.limited OR %2$s) THEN NULL
            WHEN u.fires_next THEN %1$s
            ELSE now() + make_interval(secs => u.delay_ms / 1000.0) END,
          gate = CASE WHEN u.fires_next AND (c.limited OR %2$s) THEN c.id END,
          next_connection = u.next_connection,
          attempt = CASE WHEN u.fires_next AND (c.limited OR %2$s) THEN 0 ELSE u.attempt END,
          in_flight = u.fires_next AND (c.limited OR %2$s) IS NOT TRUE,
          lease_token = r.lease_token + 1,
          fired_provider = CASE WHEN u.fires_next THEN c.provider END
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::boolean[],
            $8::uuid[], $9::int[], $10::boolean[], $11::uuid[], $12::timestamptz[])
          AS u(tenant_id, id, lease_token, actions, final_status, delay_ms, fires_next, next_connection, attempt, sure,
            gate, finished_at)
        LEFT JOIN connections c ON c.id = u.next_connection AND (c.tenant_id = u.tenant_id) IS TRUE
        WHERE r.tenant_id = u.tenant_id AND r.id = u.id AND r.lease_token = u.lease_token
          AND (u.sure OR NOT r.cancel_requested)
        RETURNING r.tenant_id AS run_tenant, r.id AS run_id, r.in_flight, u.gate, %3$s
      ), logged AS (
        %4$s JOIN closed ON closed.run_id = e.run_id
      ), charged AS (
        %5$s JOIN closed ON closed.run_id = l.run_id
        ON CONFLICT DO NOTHING
      ), released AS (
        %6$s)
      SELECT * FROM closed
      """
          .formatted(
              Lease.END,
              Hold.HOLDS,
              SealedConnection.COLUMNS,
              EventRows.insert(FIRST_EVENT),
              LedgerEntry.insert(FIRST_CHARGE),
              RateLimitedClaims.release("closed"));

  private final PipelinedTransactions pipeline;
  private final RunRows rows;
  private final EventRows eventRows;
  private final InstantSource clock;
  private final Batcher<Completion, Recorded> group;

  RecordOutcomes(
      PipelinedTransactions pipeline,
      RunRows rows,
      EventRows eventRows,
      InstantSource clock,
      Vertx vertx) {
    this.clock = clock;
    this.pipeline = pipeline;
    this.rows = rows;
    this.eventRows = eventRows;
    this.group =
        new Batcher<>(
            vertx,
            System::nanoTime,
            LANES,
            MAX_BATCH,
            completion -> completion.run().id(),
            this::write);
  }

  /** Whether a completion was written. */
  public sealed interface Recorded {
    /**
     * It is written.
     *
     * @param claimed whether the next action was claimed with it; if not, it waits for the limits
     *     of its connection
     * @param connection of the next action
     * @param nanos {@link System#nanoTime()} before it was written
     * @param released whether another run of the job became due
     */
    record Written(
        boolean claimed, @Nullable SealedConnection connection, long nanos, boolean released)
        implements Recorded {}

    /** It is not: another claim holds the run, or the run is to be cancelled. */
    record NotWritten() implements Recorded {}
  }

  /**
   * Writes a completion. Fails when the database does not answer; the completion may then be
   * written or not.
   */
  public Uni<Recorded> record(Completion completion) {
    return group.submit(completion);
  }

  private Uni<List<Recorded>> write(List<Completion> completions) {
    List<Completion> sorted = new ArrayList<>(completions);
    sorted.sort(Comparator.comparing((Completion completion) -> completion.run().id()));
    long nanos = System.nanoTime();
    return pipeline
        .transaction(statements(sorted))
        .map(results -> recorded(completions, sorted, results, nanos));
  }

  private List<Statement> statements(List<Completion> completions) {
    List<Statement> statements = new ArrayList<>();
    List<ClaimedRun> finished = finishedInChains(completions);
    if (!finished.isEmpty()) {
      statements.add(
          JobOrdering.lock(
              finished.stream().map(run -> run.tenant().value() + '\n' + run.jobId()).toList()));
    }
    statements.add(new Statement(RECORD, parameters(completions)));
    if (!finished.isEmpty()) {
      statements.add(JobOrdering.release(finished));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<UUID> gone = connections(completions, Completion::pauseConnection);
    if (!gone.isEmpty()) {
      statements.add(CircuitBreaker.gone(gone, now));
    }
    List<UUID> failed = connections(completions, Completion::failedConnection);
    if (!failed.isEmpty()) {
      statements.add(CircuitBreaker.failing(failed, now));
    }
    List<UUID> recovered = connections(completions, Completion::recoveredConnection);
    if (!recovered.isEmpty()) {
      statements.add(CircuitBreaker.recovered(recovered, now));
    }
    NoticedOutcomes.count(completions, now).ifPresent(statements::add);
    return statements;
  }

  private Tuple parameters(List<Completion> completions) {
    Tuple parameters =
        Tuple.tuple()
            .addArrayOfString(strings(completions, completion -> completion.run().tenant().value()))
            .addArrayOfUUID(RunRows.uuids(column(completions, completion -> completion.run().id())))
            .addArrayOfLong(
                column(completions, completion -> completion.run().claim().leaseToken())
                    .toArray(new Long[0]))
            .addArrayOfString(strings(completions, completion -> rows.write(completion.actions())))
            .addArrayOfString(strings(completions, RecordOutcomes::finalStatus))
            .addArrayOfLong(column(completions, RecordOutcomes::delayMs).toArray(new Long[0]))
            .addArrayOfBoolean(
                column(completions, completion -> completion.next() instanceof Next.FireNext)
                    .toArray(new Boolean[0]))
            .addArrayOfUUID(RunRows.uuids(column(completions, RecordOutcomes::nextConnection)))
            .addArrayOfInteger(column(completions, RecordOutcomes::attempt).toArray(new Integer[0]))
            .addArrayOfBoolean(
                column(completions, completion -> completion.next() instanceof Next.Finish)
                    .toArray(new Boolean[0]))
            .addArrayOfUUID(
                RunRows.uuids(
                    column(completions, completion -> completion.run().claim().limiter())))
            .addArrayOfOffsetDateTime(
                column(completions, RecordOutcomes::finishedAt).toArray(new OffsetDateTime[0]));
    List<Event> events =
        completions.stream().flatMap(completion -> completion.events().stream()).toList();
    eventRows.addTo(parameters, events);
    LedgerEntry.addTo(
        parameters, completions.stream().map(Completion::charge).filter(Objects::nonNull).toList());
    return parameters;
  }

  private static List<Recorded> recorded(
      List<Completion> completions,
      List<Completion> sorted,
      List<RowSet<Row>> results,
      long nanos) {
    boolean chained = !finishedInChains(sorted).isEmpty();
    Map<UUID, Recorded> written = new HashMap<>();
    boolean released = chained && results.get(2).size() > 0;
    results
        .get(chained ? 1 : 0)
        .forEach(
            row ->
                written.put(
                    row.getUUID("run_id"),
                    new Recorded.Written(
                        row.getBoolean("in_flight"), SealedConnection.from(row), nanos, released)));
    return completions.stream()
        .map(completion -> written.getOrDefault(completion.run().id(), new Recorded.NotWritten()))
        .toList();
  }

  private static List<ClaimedRun> finishedInChains(List<Completion> completions) {
    return completions.stream()
        .filter(completion -> completion.next() instanceof Next.Finish)
        .map(Completion::run)
        .filter(run -> run.jobId() != null)
        .toList();
  }

  private static List<UUID> connections(
      List<Completion> completions, Function<Completion, @Nullable UUID> which) {
    return completions.stream().map(which).filter(Objects::nonNull).distinct().sorted().toList();
  }

  private static @Nullable String finalStatus(Completion completion) {
    return completion.next() instanceof Next.Finish finish ? finish.status().wire() : null;
  }

  private static @Nullable OffsetDateTime finishedAt(Completion completion) {
    return completion.next() instanceof Next.Finish finish
        ? finish.at().atOffset(ZoneOffset.UTC)
        : null;
  }

  private static @Nullable Long delayMs(Completion completion) {
    return completion.next() instanceof Next.Later later ? later.delay().toMillis() : null;
  }

  private static @Nullable UUID nextConnection(Completion completion) {
    return completion.actions().stream()
        .filter(action -> !action.isDecided())
        .findFirst()
        .map(action -> completion.run().plan().actions().get(action.index()).connectionId())
        .orElse(null);
  }

  private static Integer attempt(Completion completion) {
    if (completion.next() instanceof Next.Later later) {
      return later.attempt();
    }
    return completion.next() instanceof Next.FireNext ? 1 : completion.run().attempt();
  }

  private static String[] strings(
      List<Completion> completions, Function<Completion, @Nullable String> value) {
    return column(completions, value).toArray(new String[0]);
  }

  private static <T> List<@Nullable T> column(
      List<Completion> completions, Function<Completion, @Nullable T> value) {
    List<@Nullable T> values = new ArrayList<>(completions.size());
    completions.forEach(completion -> values.add(value.apply(completion)));
    return values;
  }
}
