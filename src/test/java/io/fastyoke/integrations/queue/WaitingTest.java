package io.fastyoke.integrations.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.plan.Run.WaitingFor;
import io.fastyoke.integrations.support.FreshPostgres;
import io.fastyoke.integrations.support.Sql;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row says that its run waits for. */
class WaitingTest {
  @RegisterExtension static final FreshPostgres POSTGRES = new FreshPostgres();

  private static final String ROW =
      "(SELECT %s AS in_flight, now() + %s * interval '1 hour' AS due_at, lpad(%s::text, 32, '0')::uuid AS gate, 't' AS tenant_id)";

  @BeforeAll
  static void connections() throws SQLException {
    Sql.of(POSTGRES.server())
        .run(
            "CREATE TABLE connections (id uuid, tenant_id text, status text, when_paused text, limited boolean);"
                + " INSERT INTO connections SELECT lpad(id, 32, '0')::uuid, 't', status, held, limited"
                + " FROM (VALUES ('1', 'active', 'hold', true), ('2', 'active', 'hold', false), ('3', 'paused', 'hold', true),"
                + " ('4', 'paused', 'fail', true), ('5', 'paused', NULL, true), ('6', 'paused', 'hold', false)) c(id, status, held, limited)");
  }

  @ParameterizedTest
  @CsvSource({
    "true, 1, NULL,",
    "true, 1, 1,",
    "false, NULL, NULL, EARLIER_RUN",
    "false, 1, NULL, RETRY",
    "false, -1, NULL, CAPACITY",
    "false, NULL, 1, CONNECTION_LIMIT",
    "false, NULL, 2, CAPACITY",
    "false, NULL, 3, CONNECTION_PAUSED",
    "false, NULL, 4, CAPACITY",
    "false, NULL, 5, CAPACITY",
    "false, NULL, 6, CONNECTION_PAUSED",
    "false, NULL, 7, CAPACITY",
  })
  void isReadOffTheRow(String inFlight, String due, String gate, WaitingFor what) {
    String found =
        Sql.of(POSTGRES.server())
            .first(
                "SELECT " + Waiting.of("r") + " FROM " + ROW.formatted(inFlight, due, gate) + " r");
    assertThat(WaitingFor.of(found)).isEqualTo(what);
  }
}
