package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.byRole;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.link;
import static io.fastyoke.integrations.page.Find.text;
import static io.fastyoke.integrations.page.Keyboard.press;
import static io.fastyoke.integrations.page.Keyboard.tabTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Call;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OverviewAndTemplatesPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void countsTheDayAndTheBill() {
    Page page = browser.open(api, "#/overview");
    assertThat(text(page, "98%")).isVisible();
    assertThat(page.getByText("1,290")).isVisible();
    assertThat(link(page, "Twilio production")).isVisible();
  }

  @Test
  void hasTheNumbersOfThePictureInATable() {
    Page page = browser.open(api, "#/overview");
    page.getByText("Show as a table").click();
    assertThat(byRole(page, AriaRole.COLUMNHEADER, "Delivered")).isVisible();
    assertThat(page.locator("fy-hours-chart tbody tr")).hasCount(24);
  }

  @Test
  void hidesTheBillFromAnOperator() {
    Page page = browser.open(api, "#/overview", Look.USUAL, Tokens.of("operator"));
    page.getByText("Deliveries per hour").first().waitFor();
    assertThat(page.getByText("This month, to be billed")).hasCount(0);
    assertThat(api.calls("GET /usage")).isEmpty();
  }

  @Test
  void showsTheExactRequestAndASnippet() {
    api.on("POST /action-runs/preview", call -> preview(call, List.of()));
    Page page = browser.open(api, "#/templates");
    assertThat(page.getByLabel("Resolved request"))
        .hasText("POST https://hooks.acme.test/x\nAccept: */*\n\n{\n  \"a\": 1\n}");
    assertThat(page.getByLabel("Action for the FSM designer")).containsText(FakeData.TWILIO);
  }

  @Test
  void marksWhatHasNoValue() {
    api.on("POST /action-runs/preview", call -> preview(call, List.of("job.customer.phone")));
    Page page = browser.open(api, "#/templates");
    assertThat(page.getByText("Without a value:")).isVisible();
    assertThat(page.locator("mark")).hasText("{{job.customer.phone}}");
  }

  @Test
  void saysWhereTheJsonIsBrokenAndSendsNothing() {
    api.on("POST /action-runs/preview", call -> preview(call, List.of()));
    Page page = browser.open(api, "#/templates");
    page.getByLabel("Resolved request").waitFor();
    int before = api.calls("POST /action-runs/preview").size();
    page.getByLabel("Payload template").fill("{\"path\": ");
    assertThat(page.getByText("This is not JSON:")).isVisible();
    assertThat(button(page, "Show the request")).isDisabled();
    assertThat(api.calls("POST /action-runs/preview")).hasSize(before);
  }

  @Test
  void sendsAndShowsNumbersAsTheyWereTyped() {
    String body = "{\"n\":12345678901234567890,\"price\":1.10}";
    String answer =
        "{\"actions\":[{\"index\":0,\"method\":\"POST\",\"url\":\"https://h.test/\",\"headers\":{},\"body\":"
            + body
            + ",\"missing\":[]}]}";
    api.on("POST /action-runs/preview", call -> Reply.ok(new FakeApi.Raw(answer)));
    Page page = browser.open(api, "#/templates");
    page.getByLabel("Resolved request").waitFor();
    page.getByLabel("Payload template").fill("{\"path\": \"/\", \"body\": " + body + "}");
    field(page, "Job").fill("{\"id\": \"job_1\", \"big\": 98765432109876543210.50}");
    button(page, "Show the request").click();
    assertThat(page.getByLabel("Resolved request"))
        .hasText("POST https://h.test/\n\n{\n  \"n\": 12345678901234567890,\n  \"price\": 1.10\n}");
    assertThat(page.getByLabel("Action for the FSM designer"))
        .containsText("\"n\": 12345678901234567890");
    List<Call> calls = api.calls("POST /action-runs/preview");
    assertThat(calls.get(calls.size() - 1).text())
        .contains("98765432109876543210.50", "\"price\":1.10")
        .contains("\"connection_id\":\"" + FakeData.TWILIO + "\"");
  }

  @Test
  void showsNothingOldBesideAnError() {
    api.on("POST /action-runs/preview", call -> preview(call, List.of()));
    Page page = browser.expectingRefusals().open(api, "#/templates");
    page.getByLabel("Resolved request").waitFor();
    api.on(
        "POST /action-runs/preview",
        call -> Reply.error(400, "validation_failed", "The path is wrong."));
    button(page, "Show the request").click();
    assertThat(page.getByText("The path is wrong.")).isVisible();
    assertThat(page.getByLabel("Resolved request")).hasCount(0);
  }

  @Test
  void triesATemplateWithTheKeyboardAlone() {
    api.on("POST /action-runs/preview", call -> preview(call, List.of()));
    Page page = browser.open(api, "#/templates");
    tabTo(page, page.getByLabel("Connection"));
    page.keyboard().press("Control+A");
    page.keyboard().type("ERP hooks");
    tabTo(page, page.getByLabel("Payload template"));
    page.keyboard().press("Control+A");
    page.keyboard().type("{\"path\": \"/typed\"}");
    press(page, page.getByText("Transition and further context"));
    tabTo(page, page.getByLabel("Further context"));
    page.keyboard().type("{\"shift\": 3}");
    press(page, button(page, "Show the request"));
    tabTo(page, page.getByLabel("Resolved request"));
    press(page, button(page, "Copy action"));
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()").toString())
        .contains(FakeData.id(2), "/typed");
    List<Call> calls = api.calls("POST /action-runs/preview");
    assertThat(calls.get(calls.size() - 1).body().at("/context/shift").asInt()).isEqualTo(3);
  }

  @Test
  void saysInTheHelperThatThereIsNoConnection() {
    api.on("GET /connections", call -> Reply.ok(List.of()));
    Page page = browser.open(api, "#/templates");
    assertThat(page.getByText("There is no connection yet")).isVisible();
    assertThat(link(page, "Create the first one")).isVisible();
  }

  @Test
  void saysInTheHelperThatTheConnectionsDidNotCome() {
    api.on("GET /connections", call -> FakeData.broken());
    Page page = browser.expectingRefusals().open(api, "#/templates");
    assertThat(page.getByText("(request 0d7c9b8e)")).isVisible();
    api.on("GET /connections", call -> FakeApi.page(FakeData.connections(), call));
    button(page, "Try again").click();
    assertThat(page.getByText("There is no connection yet")).hasCount(0);
  }

  @Test
  void saysThatNothingWasFiredYet() {
    api.on("GET /stats", call -> Reply.ok(FakeData.stats(FakeData.id(3))));
    Page page = browser.open(api, "#/overview");
    assertThat(page.getByText("Nothing was fired in the last 24 hours")).isVisible();
    assertThat(page.getByText("This month, to be billed")).isVisible();
  }

  @Test
  void neverRoundsUpToAllOfIt() {
    Map<String, Object> stats = FakeData.stats(null);
    stats.put("totals", Map.of("succeeded", 199_999, "failed", 1, "skipped", 0, "cancelled", 0));
    api.on("GET /stats", call -> Reply.ok(stats));
    Page page = browser.open(api, "#/overview");
    assertThat(page.locator("dl")).containsText("99.9%");
    assertThat(page.locator("dl")).not().containsText("100");
  }

  @Test
  void hasRoomForLargeNumbersBesideTheBarsAndLinksToTheirHours() {
    Map<String, Object> stats = FakeData.stats(null);
    stats.put(
        "buckets",
        List.of(
            Map.of(
                "bucket",
                Instant.now().truncatedTo(ChronoUnit.HOURS).toString(),
                "succeeded",
                110_000,
                "failed",
                3,
                "skipped",
                0,
                "cancelled",
                0)));
    api.on("GET /stats", call -> Reply.ok(stats));
    Page page = browser.open(api, "#/overview");
    Locator top = page.locator("fy-hours-chart text").getByText("120K");
    assertThat(top).isVisible();
    assertThat(top.boundingBox().x).isGreaterThan(page.locator("fy-hours-chart").boundingBox().x);
    assertThat(page.locator("fy-hours-chart title").last())
        .containsText("110,000 delivered, 3 failed");
    page.getByText("Show as a table").click();
    page.locator("fy-hours-chart tbody a").last().click();
    assertThat(page).hasURL(Pattern.compile("#/deliveries\\?time=custom&from="));
  }

  private static Reply preview(Call call, List<String> missing) {
    JsonNode template = call.body().at("/actions/0/payload_template");
    Map<String, Object> action = new HashMap<>();
    action.put("index", 0);
    action.put("provider", "twilio");
    action.put("connection_id", template.get("connection_id").asText());
    action.put("missing", missing);
    if (missing.isEmpty()) {
      action.put("method", "POST");
      action.put("url", "https://hooks.acme.test/x");
      action.put("headers", Map.of("Accept", "*/*"));
      action.put("body", Map.of("a", 1));
    }
    return Reply.ok(Map.of("actions", List.of(action)));
  }
}
