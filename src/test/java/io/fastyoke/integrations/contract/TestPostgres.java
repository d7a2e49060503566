package io.fastyoke.integrations.contract;

import io.fastyoke.integrations.egress.DnsStub;
import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One real PostgreSQL for all tests of this JVM, a receiver for what they fire, and a name server.
 */
public final class TestPostgres implements QuarkusTestResourceLifecycleManager {
  private static EmbeddedPostgres server;
  private static Receiver receiver;
  private static DnsStub dns;

  @Override
  public Map<String, String> start() {
    Receiver listening = receiver();
    String database =
        "postgres://postgres@localhost:" + server().getPort() + "/postgres?sslmode=disable";
    System.setProperty("DATABASE_URL", database);
    return Map.of(
        "DATABASE_URL",
        database,
        "fastyoke.egress.allow-cidrs",
        "127.0.0.0/8",
        "fastyoke.egress.allow-http",
        "true",
        "fastyoke.egress.dns-servers",
        "127.0.0.1:" + dns().address().getPort(),
        "twilio.api-url",
        listening.url(),
        "sendgrid.api-url",
        listening.url(),
        "slack.api-url",
        listening.url());
  }

  /** The server stops with the JVM. */
  @Override
  public void stop() {}

  /** The server, for what only SQL can see or bring about. */
  public static synchronized EmbeddedPostgres server() {
    try {
      if (server == null) {
        server = EmbeddedPostgres.builder().start();
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Executes what only SQL can bring about. */
  static void execute(String sql) {
    Sql.of(server()).execute(sql);
  }

  /** The number that a query of one row and column finds. */
  static int number(String query) {
    return (int) Sql.of(server()).number(query);
  }

  /** It knows the names that a test has told it, and no others. */
  static synchronized DnsStub dns() {
    try {
      if (dns == null) {
        dns = DnsStub.open();
      }
      return dns;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The host that every connection of the tests leads to. */
  public static synchronized Receiver receiver() {
    if (receiver == null) {
      receiver = new Receiver();
    }
    return receiver;
  }
}
