package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.delivery.RunTransition;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.plan.StoredRun;
import io.fastyoke.integrations.queue.ResolveCommit.Finding;
import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A closing was refused, and the row says why. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ResolveCommitTest {
  private static final TenantId TENANT = new TenantId("reconcile");
  private static final long TOKEN = 4;

  @Inject ResolveCommit resolveCommit;

  private final UUID run = UUID.randomUUID();
  private final UUID owner = UUID.randomUUID();

  @AfterEach
  void clean() throws SQLException {
    sql("DELETE FROM action_runs WHERE tenant_id = '" + TENANT.value() + "'");
  }

  /** In flight, with 30 s of its lease left: of 45 s, since it has no connection. */
  private void stored(long token, UUID by, boolean cancel) throws SQLException {
    sql(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, status, created_at, due_at,
          in_flight, lease_token, lease_owner, cancel_requested)
        VALUES ('%s', '%s', true, '{}', '[]', '{}', 'running', now(), now() + interval '30 seconds', true, %d, '%s', %s)
        """
            .formatted(run, TENANT.value(), token, by, cancel));
  }

  private Finding look() {
    PlannedAction action =
        new PlannedAction("WEBHOOK", new PayloadTemplate(null, null, "/", null, null), false, null);
    ClaimedRun claimed =
        new ClaimedRun(
            new RunRef(run, TENANT, null, null, Instant.EPOCH),
            new ClaimedRun.Claim(TOKEN, owner, null, 0, null, System.nanoTime()),
            new StoredRun(
                new RunPlan(null, null, null, new Actor("engine", null, null), List.of(action)),
                List.of(ActionProgress.pending(0, action, UUID.randomUUID())),
                true),
            ClaimedRun.Current.first(null));
    return resolveCommit
        .look(new RunTransition(claimed, Instant.EPOCH).handBack(Duration.ZERO))
        .await()
        .atMost(Duration.ofSeconds(20));
  }

  /** The next action may only be sent in what is left of the time since the commit. */
  @Test
  void aLostAnswerToACommitDoesNotMakeTheLeaseLonger() throws SQLException {
    stored(TOKEN + 1, owner, false);
    long before = System.nanoTime();
    Finding found = look();
    assertThat(found).isInstanceOf(Finding.Committed.class);
    long begun = ((Finding.Committed) found).written().nanos();
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThan(Duration.ofSeconds(15))
        .isLessThan(Duration.ofSeconds(16).plusNanos(System.nanoTime() - before));
  }

  /** Even when it is this process that has claimed it again. */
  @Test
  void anotherClaimIsNoClosingOfOurs() throws SQLException {
    stored(TOKEN + 1, UUID.randomUUID(), false);
    assertThat(look()).isInstanceOf(Finding.Lost.class);
  }

  @Test
  void aWishToCancelIsToldFromALostLease() throws SQLException {
    stored(TOKEN, owner, true);
    assertThat(look()).isInstanceOf(Finding.ToBeCancelled.class);
  }

  @Test
  void aRunThatIsGoneIsLost() {
    assertThat(look()).isInstanceOf(Finding.Lost.class);
  }

  private static void sql(String statement) {
    Sql.of(TestPostgres.server()).execute(statement);
  }
}
