package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.restassured.RestAssured.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that hang up while the database still works for them, as a closed tab does. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class LeavingClientTest {
  private static final Logger ROOT = Logger.getLogger("");

  @TestHTTPResource("/")
  URI base;

  private final Api api = Api.fresh();
  private final Errors errors = new Errors();

  private static final class Errors extends Handler {
    private final List<String> said = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        said.add(entry.getLoggerName() + ": " + entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    ROOT.addHandler(errors);
  }

  @AfterEach
  void stopListening() {
    ROOT.removeHandler(errors);
  }

  @Test
  void reading() throws Exception {
    String connection = api.rest();
    leaveDuring("GET " + Api.CONNECTIONS + "/" + connection);
    assertThat(api.as().get(Api.CONNECTIONS).statusCode()).isEqualTo(200);
    assertThat(errors.said).isEmpty();
  }

  @Test
  void aDeletionIsDoneAllTheSame() throws Exception {
    String connection = api.rest();
    String path = Api.CONNECTIONS + "/" + connection;
    leaveDuring("DELETE " + path);
    eventually("it is deleted", () -> api.as().get(path).statusCode() == 404);
    assertThat(
            api.as()
                .get("/api/v1/tenant/event-log?connection_id=" + connection)
                .jsonPath()
                .getList("event_type", String.class))
        .containsOnlyOnce("CONNECTION_DELETED");
    assertThat(errors.said).isEmpty();
  }

  /** Hangs up while the statement of this request waits for a lock, and lets it go on then. */
  private void leaveDuring(String request) throws Exception {
    try (Connection locker = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement lock = locker.createStatement()) {
      locker.setAutoCommit(false);
      lock.execute("LOCK TABLE connections IN ACCESS EXCLUSIVE MODE");
      try (Socket client = new Socket(base.getHost(), base.getPort())) {
        client.setSoLinger(true, 0);
        client
            .getOutputStream()
            .write(
                "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(request, Jwts.admin(api.tenant()))
                    .getBytes(UTF_8));
        eventually("a statement waits for the lock", LeavingClientTest::waitsForTheLock);
      }
      noticed();
      locker.rollback();
    }
  }

  private static boolean waitsForTheLock() {
    return TestPostgres.number(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'connections'::regclass")
        > 0;
  }

  /** Every event loop answers again, and so has seen the end of the client before. */
  private static void noticed() {
    for (int loop = 0; loop < 4 * Runtime.getRuntime().availableProcessors(); loop++) {
      get("/q/health/live").then().statusCode(200);
    }
  }
}
