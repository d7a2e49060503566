package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.plan.Run.WaitingFor;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.StoredRun;
import io.fastyoke.integrations.queue.batching.Batcher;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores runs, many in one transaction, and claims those that start at once in the same
 * transaction.
 */
@ApplicationScoped
class EnqueueRuns implements RunQueue {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 64;
  private static final int MAX_WAITING = 2_000;

  /**
   * A run that starts at once is claimed under its own id. One statement, and so one snapshot, sees
   * to the lease and reads the connection that has to keep within it. OFFSET 0 keeps the planner
   * from looking for earlier runs once for each use of the answer. IS TRUE (here and in other
   * statements) leaves only the primary key to find a connection by: the planner takes indexes that
   * begin with the tenant for as good while there are few connections. A key of a request that was
   * fired in SQL, and is about to become a run, is not free.
   */
  static final String INSERT =
      """
      WITH inserted AS (
      INSERT INTO action_runs AS r (id, tenant_id, job_id, ordered, idempotency_key, request_hash, replay_of, request,
        actions, connection_ids, created_at, next_connection, status, due_at, gate, attempt, in_flight, lease_token,
        lease_owner, fired_provider)
      SELECT n.id, n.tenant_id, n.job_id, n.ordered, n.idempotency_key, n.request_hash, n.replay_of, n.request,
        n.actions, string_to_array(n.connection_ids, ',')::uuid[], n.created_at, n.next_connection,
        CASE WHEN s.starts THEN 'running' ELSE 'pending' END,
        CASE WHEN s.starts THEN %s
             WHEN n.blocked OR n.parks THEN NULL ELSE now() END,
        CASE WHEN n.parks AND NOT n.blocked THEN n.next_connection END,
        s.starts::int, s.starts, s.starts::int, CASE WHEN s.starts THEN n.id END,
        CASE WHEN s.starts THEN n.provider END
      FROM (
        SELECT u.*, c.limited OR %s AS parks, c.timeout_ms, c.provider, u.ordered AND u.job_id IS NOT NULL AND (
            SELECT true FROM action_runs e
            WHERE e.tenant_id = u.tenant_id AND e.job_id = u.job_id AND e.finished_at IS NULL
            ORDER BY e.seq LIMIT 1) IS TRUE AS blocked
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::bytea[], $7::uuid[], $8::text[],
            $9::text[], $10::text[], $11::timestamptz[], $12::uuid[], $13::boolean[]) WITH ORDINALITY
          AS u(id, tenant_id, job_id, ordered, idempotency_key, request_hash, replay_of, request, actions,
            connection_ids, created_at, next_connection, starts_now, position)
        LEFT JOIN connections c ON c.id = u.next_connection AND (c.tenant_id = u.tenant_id) IS TRUE
        OFFSET 0) n
      CROSS JOIN LATERAL (SELECT n.starts_now AND NOT n.blocked AND n.parks IS NOT TRUE AS starts) s
      WHERE (SELECT true FROM fired_requests f
        WHERE f.tenant_id = n.tenant_id AND f.idempotency_key = n.idempotency_key AND f.reserved AND f.run_id <> n.id
        LIMIT 1) IS NOT TRUE
      ORDER BY n.position
      ON CONFLICT DO NOTHING
      RETURNING r.id, r.tenant_id, r.in_flight, r.next_connection, r.due_at, r.gate)
      SELECT i.id, i.in_flight, %s AS waiting_for, %s
      FROM inserted i LEFT JOIN connections c ON i.in_flight AND c.id = i.next_connection AND (c.tenant_id = i.tenant_id) IS TRUE
      """
          .formatted(
              Lease.endFor("n.timeout_ms"), Hold.HOLDS, Waiting.of("i"), SealedConnection.COLUMNS);

  /** Also finds a run under its own id: a commit whose answer was lost. */
  static final String EXISTING =
      """
      SELECT w.id AS wanted, r.request_hash, %s
      FROM unnest($1::uuid[], $2::text[], $3::text[]) AS w(id, tenant_id, idempotency_key)
      CROSS JOIN LATERAL (
        (SELECT * FROM action_runs e WHERE e.tenant_id = w.tenant_id AND e.id = w.id)
        UNION ALL
        (SELECT * FROM action_runs e
          WHERE e.tenant_id = w.tenant_id AND e.idempotency_key = w.idempotency_key AND e.id <> w.id)) r
      """
          .formatted(RunRows.VIEW);

  /**
   * A run of this replica whose commit was in doubt. It was never started, so a worker may take it
   * from the start.
   */
  static final String START_OVER =
      """
      UPDATE action_runs r SET status = 'pending', attempt = 0, in_flight = false, due_at = now(), fired_provider = NULL
      FROM unnest($1::uuid[], $2::text[]) AS w(id, tenant_id)
      WHERE r.tenant_id = w.tenant_id AND r.id = w.id AND r.lease_owner = r.id AND r.lease_token = 1 AND r.in_flight
      """;

  private final PipelinedTransactions pipeline;
  private final RunRows rows;
  private final QueueDepth depth;
  private final Batcher<NewRun, EnqueueResult> group;
  private final AtomicLong waitingChars = new AtomicLong();
  private final long maxWaitingChars = RequestSize.heapCapacity();

  EnqueueRuns(PipelinedTransactions pipeline, RunRows rows, QueueDepth depth, Vertx vertx) {
    this.depth = depth;
    this.pipeline = pipeline;
    this.rows = rows;
    this.group =
        new Batcher<>(vertx, System::nanoTime, LANES, MAX_BATCH, NewRun::chain, this::write);
  }

  @Override
  public boolean isFull() {
    return depth.isFull();
  }

  @Override
  public Uni<EnqueueResult> enqueue(NewRun run) {
    return Uni.createFrom()
        .deferred(
            () -> {
              waitingChars.addAndGet(run.request().size());
              return group.submit(run);
            })
        .onTermination()
        .invoke(() -> waitingChars.addAndGet(-run.request().size()));
  }

  @Override
  public boolean isBehind() {
    return group.waiting() >= MAX_WAITING || waitingChars.get() >= maxWaitingChars;
  }

  @Override
  public boolean hasRoomFor(int characters) {
    long waiting = waitingChars.get();
    return characters <= RequestSize.LARGE
        || waiting == 0
        || waiting + characters <= maxWaitingChars / 4 * 3;
  }

  private Uni<List<EnqueueResult>> write(List<NewRun> runs) {
    // One order for all replicas: two groups that share keys wait for each other, never crosswise.
    List<NewRun> sorted = new ArrayList<>(runs);
    sorted.sort(
        Comparator.comparing((NewRun run) -> run.tenant().value())
            .thenComparing(run -> Objects.requireNonNullElse(run.key().idempotencyKey(), "")));
    long nanos = System.nanoTime();
    return pipeline
        .transaction(statements(sorted))
        .chain(results -> outcomes(runs, results, nanos));
  }

  private List<Statement> statements(List<NewRun> runs) {
    List<Statement> statements = new ArrayList<>();
    List<String> chains = runs.stream().map(NewRun::chain).filter(Objects::nonNull).toList();
    if (!chains.isEmpty()) {
      statements.add(JobOrdering.lock(chains));
    }
    statements.add(insertion(runs));
    return statements;
  }

  /** Inserts runs of different chains; see {@link #accepted} for its answer. */
  Statement insertion(List<NewRun> runs) {
    return new Statement(INSERT, insert(runs));
  }

  private Tuple insert(List<NewRun> runs) {
    return Tuple.tuple()
        .addArrayOfUUID(column(runs, NewRun::id).toArray(new UUID[0]))
        .addArrayOfString(column(runs, run -> run.tenant().value()).toArray(new String[0]))
        .addArrayOfString(column(runs, run -> run.ref().jobId()).toArray(new String[0]))
        .addArrayOfBoolean(column(runs, NewRun::ordered).toArray(new Boolean[0]))
        .addArrayOfString(column(runs, run -> run.key().idempotencyKey()).toArray(new String[0]))
        .addValue(
            column(runs, run -> Buffer.buffer(run.key().requestHash())).toArray(new Buffer[0]))
        .addArrayOfUUID(column(runs, run -> run.ref().replayOf()).toArray(new UUID[0]))
        .addArrayOfString(column(runs, run -> run.request().json()).toArray(new String[0]))
        .addArrayOfString(column(runs, run -> rows.write(run.actions())).toArray(new String[0]))
        .addArrayOfString(column(runs, EnqueueRuns::connectionIds).toArray(new String[0]))
        .addArrayOfOffsetDateTime(
            column(runs, run -> run.ref().createdAt().atOffset(ZoneOffset.UTC))
                .toArray(new OffsetDateTime[0]))
        .addArrayOfUUID(column(runs, NewRun::firstConnection).toArray(new UUID[0]))
        .addArrayOfBoolean(column(runs, NewRun::startsNow).toArray(new Boolean[0]));
  }

  /** SQL has no arrays of arrays of different lengths. */
  private static String connectionIds(NewRun run) {
    if (run.request().plan().actions().size() == 1) {
      UUID only = run.firstConnection();
      return only == null ? "" : only.toString();
    }
    return run.request().plan().actions().stream()
        .map(RunPlan.PlannedAction::connectionId)
        .filter(Objects::nonNull)
        .map(UUID::toString)
        .distinct()
        .collect(java.util.stream.Collectors.joining(","));
  }

  private Uni<List<EnqueueResult>> outcomes(
      List<NewRun> runs, List<RowSet<Row>> results, long nanos) {
    Map<UUID, Row> inserted = new HashMap<>();
    results.get(results.size() - 1).forEach(row -> inserted.put(row.getUUID("id"), row));
    List<NewRun> repeated = runs.stream().filter(run -> !inserted.containsKey(run.id())).toList();
    Function<Map<UUID, EnqueueResult>, List<EnqueueResult>> all =
        found ->
            runs.stream()
                .map(
                    run ->
                        inserted.containsKey(run.id())
                            ? accepted(run, inserted.get(run.id()), nanos)
                            : found.getOrDefault(run.id(), new EnqueueResult.KeyHeld()))
                .toList();
    return repeated.isEmpty()
        ? Uni.createFrom().item(() -> all.apply(Map.of()))
        : existing(repeated).map(all);
  }

  /** The result of a run that was inserted. */
  static EnqueueResult accepted(NewRun run, Row inserted, long nanos) {
    if (!inserted.getBoolean("in_flight")) {
      return queued(run, WaitingFor.of(inserted.getString("waiting_for")));
    }
    return new EnqueueResult.Started(
        new ClaimedRun(
            run.ref(),
            new ClaimedRun.Claim(1, run.id(), null, run.request().size(), Duration.ZERO, nanos),
            new StoredRun(run.request().plan(), run.actions(), true),
            ClaimedRun.Current.first(SealedConnection.from(inserted))));
  }

  private static EnqueueResult queued(NewRun run, @Nullable WaitingFor what) {
    boolean blocked = what == WaitingFor.EARLIER_RUN || what == WaitingFor.CONNECTION_PAUSED;
    return new EnqueueResult.Queued(run.view().waiting(what), blocked);
  }

  private Uni<Map<UUID, EnqueueResult>> existing(List<NewRun> repeated) {
    Tuple parameters =
        Tuple.of(
            column(repeated, NewRun::id).toArray(new UUID[0]),
            column(repeated, run -> run.tenant().value()).toArray(new String[0]),
            column(repeated, run -> run.key().idempotencyKey()).toArray(new String[0]));
    return pipeline
        .execute(
            START_OVER,
            Tuple.of(
                column(repeated, NewRun::id).toArray(new UUID[0]),
                column(repeated, run -> run.tenant().value()).toArray(new String[0])))
        .chain(() -> pipeline.execute(EXISTING, parameters))
        .map(
            found -> {
              Map<UUID, EnqueueResult> outcomes = new HashMap<>();
              found.forEach(
                  row ->
                      outcomes.put(
                          row.getUUID("wanted"),
                          new EnqueueResult.Repeated(
                              rows.view(row), row.getBuffer("request_hash").getBytes())));
              return outcomes;
            });
  }

  private static <T> List<@Nullable T> column(
      List<NewRun> runs, Function<NewRun, @Nullable T> value) {
    List<@Nullable T> values = new ArrayList<>(runs.size());
    runs.forEach(run -> values.add(value.apply(run)));
    return values;
  }
}
