package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;

/**
 * The chain of the runs of one job. Accepting and finishing take the chain's lock until their
 * transaction ends, so that a run accepted while its predecessor finishes is neither forgotten nor
 * started beside it.
 */
final class JobOrdering {
  /** Sorted, so that two transactions never wait for each other crosswise. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(chain) FROM unnest($1::bigint[]) AS chain";

  /**
   * Makes the first unfinished run of each chain due, if it is parked behind the runs that have
   * just finished.
   */
  static final String RELEASE =
      """
      UPDATE action_runs r SET due_at = now()
      FROM (
        SELECT head.tenant_id, head.id
        FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS x(tenant_id, job_id)) chain,
        LATERAL (
          SELECT w.tenant_id, w.id, w.due_at, w.gate FROM action_runs w
          WHERE w.tenant_id = chain.tenant_id AND w.job_id = chain.job_id AND w.finished_at IS NULL
          ORDER BY w.seq LIMIT 1) head
        WHERE head.due_at IS NULL AND head.gate IS NULL
      ) ready
      WHERE r.tenant_id = ready.tenant_id AND r.id = ready.id
      RETURNING r.id
      """;

  private JobOrdering() {}

  static Statement lock(Collection<String> chains) {
    return new Statement(
        LOCK,
        Tuple.of(chains.stream().map(JobOrdering::key).distinct().sorted().toArray(Long[]::new)));
  }

  static Statement release(Collection<ClaimedRun> finished) {
    return new Statement(
        RELEASE,
        Tuple.of(
            finished.stream().map(run -> run.tenant().value()).toArray(String[]::new),
            finished.stream().map(ClaimedRun::jobId).toArray(String[]::new)));
  }

  private static Long key(String chain) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(chain.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
