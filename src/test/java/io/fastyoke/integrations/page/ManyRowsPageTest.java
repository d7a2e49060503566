package io.fastyoke.integrations.page;

import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.heading;
import static io.fastyoke.integrations.page.Find.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fastyoke.integrations.contract.ManyRows;
import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A walk through the page as a tenant with few rows sees it, and one with very many: from what a
 * person does until what they wait for is there. Prints how long each step took; the limit is far
 * above that, for the sake of busy machines.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ManyRowsPageTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int SCREENFUL = 25;

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();

  @Test
  void isQuickWithTenThousandConnectionsAndAHundredThousandRuns() {
    Map<String, Duration> few = walk(ManyRows.of(60, 600), 59, 555);
    Map<String, Duration> many = walk(ManyRows.most(), 9_999, 77_777);
    few.forEach(
        (step, took) ->
            System.out.printf(
                "%4d ms with few rows, %4d ms with many: %s%n",
                took.toMillis(), many.get(step).toMillis(), step));
    assertThat(many.values()).allSatisfy(took -> assertThat(took).isLessThan(LIMIT));
  }

  private Map<String, Duration> walk(ManyRows rows, int connection, int job) {
    Page page = browser.openReal("#/nowhere", PageFixture.token(rows.tenant(), "admin"));
    page.getByText("There is no such page").waitFor();
    Map<String, Duration> took = new LinkedHashMap<>();
    String name = "Connection " + connection;

    time(took, "connections", () -> go(page, "connections"), fullList(page));
    time(took, "their next page", button(page, "Next")::click, page.getByText("26–50 of"));
    time(took, "search", () -> field(page, "Search").fill(name), link(page, name));
    time(took, "one connection", link(page, name)::click, heading(page, name));
    time(took, "deliveries", () -> go(page, "deliveries"), fullList(page));
    time(
        took,
        "the next page of deliveries",
        button(page, "Next")::click,
        page.getByText("26–50 of"));
    Locator found = link(page, "job-" + job);
    time(took, "one job", () -> field(page, "Job").fill("job-" + job), found);
    time(took, "one delivery", found::click, page.getByText("The whole request"));
    time(took, "overview", () -> go(page, "overview"), page.getByText("Together"));
    time(
        took,
        "templates",
        () -> go(page, "templates"),
        page.getByLabel("Action for the FSM designer"));
    page.close();
    return took;
  }

  private static void go(Page page, String view) {
    page.evaluate("view => { location.hash = '#/' + view; }", view);
  }

  private static Locator fullList(Page page) {
    return page.locator("tbody tr").nth(SCREENFUL - 1);
  }

  private static void time(
      Map<String, Duration> took, String step, Runnable action, Locator awaited) {
    long begin = System.nanoTime();
    action.run();
    awaited.waitFor();
    took.put(step, Duration.ofNanos(System.nanoTime() - begin));
  }
}
