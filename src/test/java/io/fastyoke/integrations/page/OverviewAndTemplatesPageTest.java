package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Call;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    assertThat(page.getByText("98%", new Page.GetByTextOptions().setExact(true))).isVisible();
    assertThat(page.getByText("1,290")).isVisible();
    assertThat(page.getByRole(AriaRole.LINK, named("Twilio production"))).isVisible();
  }

  @Test
  void hasTheNumbersOfThePictureInATable() {
    Page page = browser.open(api, "#/overview");
    page.getByText("Show as a table").click();
    assertThat(page.getByRole(AriaRole.COLUMNHEADER, named("Delivered"))).isVisible();
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
    assertThat(page.getByRole(AriaRole.BUTTON, named("Show the request"))).isDisabled();
    assertThat(api.calls("POST /action-runs/preview")).hasSize(before);
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

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
