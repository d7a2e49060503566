package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.support.FreshPostgres;
import io.fastyoke.integrations.support.Sql;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The index of the providers' names, on a log that was there before: it is never built under a
 * lock.
 */
class MessageIndexTest {
  @RegisterExtension static final FreshPostgres POSTGRES = new FreshPostgres();

  private static final String FIND =
      "SELECT id FROM event_log e WHERE e.tenant_id = 't' AND e.id >= message_ids_since()"
          + " AND e.provider_message_id = 'SM1' ORDER BY e.id DESC LIMIT 100";

  @Test
  void emptyMonthsAndThoseToComeHaveItAndOldOnesAreLeftOut() throws SQLException {
    migrate("14");
    Sql sql = Sql.of(POSTGRES.server());
    sql.execute(
        "CREATE TABLE event_log_2001_01 PARTITION OF event_log FOR VALUES FROM (uuid_floor('2001-01-01')) TO (uuid_floor('2001-02-01'))");
    sql.execute(row("'2001-01-05'"));
    sql.execute(row("now()"));
    migrate("15");
    sql.execute(
        "DROP TABLE "
            + sql.first(
                "SELECT max(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'event_log'::regclass"
                    + " AND inhrelid::regclass::text <> 'event_log_other'"));
    sql.execute("SELECT maintain_event_log(0)");
    assertThat(
            sql.list(
                "SELECT i.indrelid::regclass::text FROM pg_index i WHERE pg_get_indexdef(i.indexrelid)"
                    + " LIKE '%provider_message_id%' AND (SELECT relkind FROM pg_class WHERE oid = i.indrelid) = 'r' ORDER BY 1"))
        .containsExactlyElementsOf(
            sql.list(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event_log'::regclass"
                    + " AND pg_relation_size(inhrelid) = 0 ORDER BY 1"))
        .hasSize(3);
    assertThat(String.join("\n", sql.list("EXPLAIN " + FIND)))
        .contains("provider_message_id")
        .doesNotContain("2001");
  }

  private static void migrate(String version) {
    Flyway.configure()
        .dataSource(POSTGRES.server().getPostgresDatabase())
        .locations("classpath:db/migration")
        .target(version)
        // Rights are given on all tables of the newest version.
        .skipDefaultCallbacks(true)
        .load()
        .migrate();
  }

  private static String row(String moment) {
    return "INSERT INTO event_log (id, tenant_id, event_type, outcome, occurred_at) VALUES (uuid_floor("
        + moment
        + "), 't', 'WEBHOOK', 'success', "
        + moment
        + ")";
  }
}
