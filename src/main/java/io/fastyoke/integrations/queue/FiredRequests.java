package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.EventRows;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes runs of what was fired in SQL: takes a batch out of {@code fired_requests} and stores its
 * runs, in one transaction. One replica does so at a time, in the order of the engine's commits.
 */
@ApplicationScoped
public class FiredRequests {
  /** Large requests share a batch only up to so many bytes. */
  private static final long MAX_BATCH_BYTES = 2L * 1024 * 1024;

  /** Released by the end of the transaction. */
  static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtext('fastyoke fired requests')) AS mine";

  static final String ANY = "SELECT true FROM fired_order LIMIT 1";

  /** While it is promised that a replica looks by itself, commits send no NOTIFY. */
  static final String PROMISE =
      "SELECT setval('fired_awake', (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1)";

  static final String BATCH =
      """
      SELECT * FROM (
        SELECT o.position, o.run_id, f.tenant_id, f.idempotency_key, f.actor, f.fired_at, f.request_bytes,
          CASE WHEN f.request_bytes <= $3 THEN f.request END AS request,
          sum(least(f.request_bytes, $3)) OVER (ORDER BY o.position) - least(f.request_bytes, $3) AS bytes_before
        FROM (SELECT position, run_id FROM fired_order WHERE position >= $1 ORDER BY position LIMIT $2) o
        LEFT JOIN fired_requests f ON f.run_id = o.run_id AND f.same_as IS NULL) batch
      WHERE bytes_before IS NULL OR bytes_before <= $4
      ORDER BY position
      """;

  /** A refused run is inserted like any other, and finished before anybody else can see it. */
  static final String REFUSE =
      """
      WITH refused AS (
        UPDATE action_runs r SET status = 'failed', finished_at = u.at, due_at = NULL, gate = NULL
        FROM unnest($1::text[], $2::uuid[], $3::timestamptz[]) AS u(tenant_id, id, at)
        WHERE r.tenant_id = u.tenant_id AND r.id = u.id AND r.finished_at IS NULL
        RETURNING r.id AS run_id)
      %s JOIN refused ON refused.run_id = e.run_id
      """
          .formatted(EventRows.insert(4));

  static final String DONE =
      """
      DELETE FROM fired_requests f WHERE f.run_id = ANY ($1)
        AND (SELECT true FROM action_runs r WHERE r.tenant_id = f.tenant_id AND r.id = f.run_id LIMIT 1)
      """;

  /** Its key is that of another run. The id that the engine was given leads to that one. */
  static final String SAME =
      """
      UPDATE fired_requests f SET request = NULL, actor = NULL, reserved = false, same_as = (
        SELECT r.id FROM action_runs r WHERE r.tenant_id = f.tenant_id AND r.idempotency_key = f.idempotency_key LIMIT 1)
      WHERE f.run_id = ANY ($1) AND f.same_as IS NULL AND (
        SELECT true FROM action_runs r WHERE r.tenant_id = f.tenant_id AND r.idempotency_key = f.idempotency_key LIMIT 1)
      """;

  static final String FORGET =
      """
      DELETE FROM fired_order o WHERE o.position = ANY ($1)
        AND (SELECT true FROM fired_requests f WHERE f.run_id = o.run_id AND f.same_as IS NULL LIMIT 1) IS NOT TRUE
      """;

  private final PipelinedTransactions pipeline;
  private final EnqueueRuns runs;
  private final EventRows events;

  FiredRequests(PipelinedTransactions pipeline, EnqueueRuns runs, EventRows events) {
    this.pipeline = pipeline;
    this.runs = runs;
    this.events = events;
  }

  /**
   * Which requests to take.
   *
   * @param position the first that is looked for; lower ones may have been passed over
   * @param most how many at most
   * @param maxBytes the text of larger requests is left out
   */
  public record Wanted(long position, int most, long maxBytes) {}

  /**
   * A checked request in the database.
   *
   * @param result null when it is refused, or the same as another run
   */
  public record Stored(CheckedRequest checked, @Nullable EnqueueResult result) {}

  /**
   * What was taken out.
   *
   * @param rows how many there were
   * @param last the last position; 0 for none
   */
  public record Taken(List<Stored> stored, int rows, long last) {
    static final Taken NOTHING = new Taken(List.of(), 0, 0);
  }

  /** Whether there may be something to take; requires no lock. */
  public Uni<Boolean> any() {
    return pipeline.execute(ANY, Tuple.tuple()).map(found -> found.size() > 0);
  }

  /** Promises that this replica looks again after so many milliseconds. */
  public Uni<Void> promise(long millis) {
    return pipeline.execute(PROMISE, Tuple.of(millis)).replaceWithVoid();
  }

  /**
   * Takes a batch. When it fails, the batch may be stored or not.
   *
   * @param check makes runs of requests; called again when the transaction is repeated, and then
   *     nothing of the first time is stored
   */
  public Uni<Taken> take(Wanted wanted, Function<List<FiredRequest>, List<CheckedRequest>> check) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Batch batch = new Batch(check, System.nanoTime());
              return pipeline
                  .transaction(
                      List.of(
                          new Statement(LOCK, Tuple.tuple()),
                          new Statement(
                              BATCH,
                              Tuple.of(
                                  wanted.position(),
                                  (long) wanted.most(),
                                  wanted.maxBytes(),
                                  MAX_BATCH_BYTES))),
                      batch::statements)
                  .map(batch::taken);
            });
  }

  /** The statements of one batch, and what their answers mean. */
  private final class Batch {
    private final Function<List<FiredRequest>, List<CheckedRequest>> check;
    private final long nanos;
    private List<CheckedRequest> checked = List.of();
    private List<List<NewRun>> waves = List.of();
    private long[] positions = {};
    private boolean locks;

    Batch(Function<List<FiredRequest>, List<CheckedRequest>> check, long nanos) {
      this.check = check;
      this.nanos = nanos;
    }

    List<Statement> statements(List<RowSet<Row>> found) {
      boolean mine = found.get(0).iterator().next().getBoolean("mine");
      if (!mine || found.get(1).size() == 0) {
        return List.of();
      }
      List<FiredRequest> requests = new ArrayList<>();
      List<Long> taken = new ArrayList<>();
      List<UUID> ids = new ArrayList<>();
      for (Row row : found.get(1)) {
        taken.add(row.getLong("position"));
        ids.add(row.getUUID("run_id"));
        fired(row).ifPresent(requests::add);
      }
      positions = taken.stream().mapToLong(Long::longValue).toArray();
      checked = check.apply(requests);
      waves = waves(checked);
      return writing(ids, taken);
    }

    private List<Statement> writing(List<UUID> ids, List<Long> taken) {
      List<Statement> statements = new ArrayList<>();
      List<String> chains =
          checked.stream().map(each -> each.run().chain()).filter(Objects::nonNull).toList();
      locks = !chains.isEmpty();
      if (locks) {
        statements.add(JobOrdering.lock(chains));
      }
      waves.forEach(wave -> statements.add(runs.insertion(wave)));
      List<CheckedRequest> refused = checked.stream().filter(CheckedRequest::isRefused).toList();
      if (!refused.isEmpty()) {
        statements.add(runs.insertion(refused.stream().map(CheckedRequest::run).toList()));
        statements.add(refuse(refused));
      }
      Tuple all = Tuple.of(ids.toArray(new UUID[0]));
      statements.add(new Statement(DONE, all));
      statements.add(new Statement(SAME, all));
      statements.add(new Statement(FORGET, Tuple.of(taken.toArray(new Long[0]))));
      return statements;
    }

    Taken taken(List<RowSet<Row>> results) {
      if (positions.length == 0) {
        return Taken.NOTHING;
      }
      Map<UUID, EnqueueResult> stored = new HashMap<>();
      for (int wave = 0; wave < waves.size(); wave++) {
        Map<UUID, NewRun> written = new HashMap<>();
        waves.get(wave).forEach(run -> written.put(run.id(), run));
        for (Row row : results.get(wave + (locks ? 1 : 0))) {
          UUID id = row.getUUID("id");
          stored.put(id, EnqueueRuns.accepted(Objects.requireNonNull(written.get(id)), row, nanos));
        }
      }
      return new Taken(
          checked.stream().map(each -> new Stored(each, stored.get(each.run().id()))).toList(),
          positions.length,
          positions[positions.length - 1]);
    }
  }

  /** What comes behind in a job has to see what is before it, so it is of a later statement. */
  private static List<List<NewRun>> waves(List<CheckedRequest> checked) {
    List<List<NewRun>> waves = new ArrayList<>();
    List<NewRun> rest =
        checked.stream().filter(each -> !each.isRefused()).map(CheckedRequest::run).toList();
    while (!rest.isEmpty()) {
      Set<String> jobs = new HashSet<>();
      List<NewRun> wave = new ArrayList<>();
      List<NewRun> later = new ArrayList<>();
      for (NewRun run : rest) {
        String chain = run.chain();
        (chain == null || jobs.add(chain) ? wave : later).add(run);
      }
      waves.add(wave);
      rest = later;
    }
    return waves;
  }

  private Statement refuse(List<CheckedRequest> refused) {
    List<Event> all = refused.stream().map(each -> Objects.requireNonNull(each.refusal())).toList();
    Tuple parameters =
        Tuple.of(
            refused.stream().map(each -> each.run().tenant().value()).toArray(String[]::new),
            refused.stream().map(each -> each.run().id()).toArray(UUID[]::new),
            all.stream()
                .map(event -> event.occurredAt().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
    events.addTo(parameters, all);
    return new Statement(REFUSE, parameters);
  }

  /** Empty for a position without a request, which does not come about by itself. */
  private static Optional<FiredRequest> fired(Row row) {
    String tenant = row.getString("tenant_id");
    return tenant == null
        ? Optional.empty()
        : Optional.of(
            new FiredRequest(
                row.getUUID("run_id"),
                new TenantId(tenant),
                row.getString("idempotency_key"),
                row.getString("request"),
                row.getInteger("request_bytes"),
                row.getString("actor"),
                row.getOffsetDateTime("fired_at").toInstant()));
  }
}
