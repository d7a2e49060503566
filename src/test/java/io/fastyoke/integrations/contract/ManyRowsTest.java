package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What the admin page asks of a tenant with ten thousand connections and a hundred thousand runs.
 *
 * <p>The limit is far above what is measured (tens of milliseconds), for the sake of busy machines;
 * it is there for what reads everything, or once for each row.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ManyRowsTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  @Test
  void answersAllThatThePageAsksForWithinASecondOrTwo() {
    List<String> page = ids(get("/connections?limit=100"));
    assertThat(page).hasSize(100);
    String rare = ManyRows.most().connection();
    SoftAssertions softly = new SoftAssertions();
    Stream.of(
            "/connections?limit=100",
            "/connections?limit=100&status=active",
            "/connections?limit=100&status=failing",
            "/connections?limit=100&status=paused",
            "/connections?limit=100&status=unreadable",
            "/connections?limit=100&q=connection+9999",
            "/connections?limit=100&ids=" + String.join(",", page),
            "/action-runs?limit=100",
            "/action-runs?limit=100&status=failed",
            "/action-runs?limit=100&status=pending",
            "/action-runs?limit=100&status=running",
            "/action-runs?limit=100&status=cancelled",
            "/action-runs?limit=100&connection_id=" + page.get(0),
            "/action-runs?limit=10&connection_id=" + rare,
            "/action-runs?limit=100&status=failed&connection_id=" + rare,
            "/action-runs?limit=100&job_id=job-77777",
            "/stats",
            "/stats?connection_id=" + page.get(0),
            "/stats/connections?ids=" + String.join(",", page))
        .forEach(query -> softly.assertThat(time(query)).as(query).isLessThan(LIMIT));
    softly.assertAll();
    assertThat(ids(get("/connections?status=paused"))).hasSize(1);
    assertThat(ids(get("/connections?status=failing"))).containsExactly(rare);
    assertThat(ids(get("/connections?status=unreadable"))).isEmpty();
    assertThat(ids(get("/action-runs?connection_id=" + rare))).hasSize(2);
  }

  private Duration time(String query) {
    get(query);
    long begin = System.nanoTime();
    get(query);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println(took.toMillis() + " ms " + query.substring(0, Math.min(90, query.length())));
    return took;
  }

  private Response get(String query) {
    Response answer = ManyRows.most().api().as().get("/api/v1/tenant" + query);
    assertThat(answer.statusCode()).as(query).isEqualTo(200);
    return answer;
  }

  private static List<String> ids(Response answer) {
    return new ArrayList<>(answer.jsonPath().getList("id"));
  }
}
