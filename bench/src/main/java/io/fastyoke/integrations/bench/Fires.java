package io.fastyoke.integrations.bench;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/**
 * The requests of one tenant's engine: one action each, with an idempotency key, over many
 * connections in turn.
 */
final class Fires implements Load.Requests {
  private static final String PATH = "/api/v1/tenant/action-runs";

  private final String tenant;
  private final String lane;
  private final List<String> connections;
  private final String job;
  private final boolean waiting;
  private final String token;
  private final String prefix = UUID.randomUUID().toString();
  private long number;

  /**
   * @param lane the first step of the receiver's path, where the deliveries are counted
   * @param job the job of all of them, or null for another one each time
   */
  Fires(String tenant, String lane, List<String> connections, String job) {
    this(tenant, lane, connections, job, false);
  }

  private Fires(String tenant, String lane, List<String> connections, String job, boolean waiting) {
    this.waiting = waiting;
    this.tenant = tenant;
    this.lane = lane;
    this.connections = connections;
    this.job = job;
    this.token = Service.token(tenant);
  }

  /** The same, whose callers wait until their run is finished, 10 s at most. */
  Fires waiting() {
    return new Fires(tenant, lane, connections, job, true);
  }

  /** The same with keys and jobs of its own. */
  Fires anew() {
    return new Fires(tenant, lane, connections, job, waiting);
  }

  /** What says that a fire has succeeded. */
  int status() {
    return waiting ? 200 : 202;
  }

  String tenant() {
    return tenant;
  }

  String lane() {
    return lane;
  }

  @Override
  public Buffer next(long startedAt) {
    return Line.post(
        PATH,
        "Authorization: Bearer "
            + token
            + "\r\nIdempotency-Key: "
            + nextKey()
            + (waiting ? "\r\nPrefer: wait=10\r\n" : "\r\n"),
        body(startedAt));
  }

  /** Begins another request, and returns its idempotency key. */
  String nextKey() {
    number++;
    return prefix + '-' + number;
  }

  /** One request's body, for now. */
  String body() {
    return body(Clock.now());
  }

  /** The body of the request that was begun. */
  String body(long startedAt) {
    return """
    {"job":{"id":"%s","current_state":"started","customer":{"name":"Ada Lovelace","phone":"+15550100"}},\
    "transition":{"event_type":"start","from_state":"ready","to_state":"started"},"context":{"started":%d},\
    "actions":[{"action_type":"WEBHOOK","payload_template":{"connection_id":"%s","path":"/hooks/job-started",\
    "body":{"job_id":"{{job.id}}","tenant_id":"{{tenant.id}}","state":"{{job.current_state}}",\
    "text":"{{job.customer.name}} is waiting","started":"{{context.started}}"}}}]}\
    """
        .formatted(
            job == null ? prefix + '-' + number : job,
            startedAt,
            connections.get((int) (number % connections.size())));
  }
}
