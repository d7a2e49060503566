package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class DeliveriesPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void filtersByWhatTheAddressSaysAndKeepsTheAddressInStep() {
    Page page = browser.open(api, "#/deliveries?status=failed&job_id=job_1");
    page.getByRole(AriaRole.LINK, named("job_1")).waitFor();
    FakeApi.Call call = api.call("GET /action-runs");
    assertThat(call.query()).containsEntry("status", "failed").containsEntry("job_id", "job_1");
    page.getByLabel("Time").selectOption("24h");
    assertThat(page).hasURL(Pattern.compile("time=24h"));
    assertThat(api.calls("GET /action-runs")).anyMatch(made -> made.query().containsKey("since"));
  }

  @Test
  void showsWhatComesInWithoutAReload() {
    List<Map<String, Object>> rows = new ArrayList<>(FakeData.runs());
    api.on("GET /action-runs", call -> FakeApi.page(rows, call));
    Page page = browser.open(api, "#/deliveries");
    page.getByRole(AriaRole.LINK, named("job_1")).waitFor();
    rows.add(0, FakeData.run(FakeData.id(9_999), "job_new", "succeeded", 0));
    page.getByRole(AriaRole.LINK, named("job_new")).waitFor();
  }

  @Test
  void holdsOneScreenfulAndTurnsPages() {
    Page page = browser.open(api, "#/deliveries");
    assertThat(page.locator("tbody tr")).hasCount(25);
    button(page, "Next").click();
    assertThat(page.locator("tbody tr")).hasCount(17);
  }

  @Test
  void tellsWhatWentWrongAndWhatToDo() {
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    assertThat(page.getByText("Twilio says that “To” is not a valid phone number.")).isVisible();
    assertThat(page.getByText("What to do:")).isVisible();
    assertThat(page.getByText("Attempt 1")).isVisible();
    assertThat(page.getByLabel("Response body").last())
        .hasText(
            "{\n  \"code\": 21211,\n  \"message\": \"The 'To' number +1555 is not valid.\",\n  \"status\": 400\n}");
  }

  @Test
  void copiesTheRequestWithoutSecrets() {
    Map<String, Object> request =
        Map.of(
            "index", 0,
            "method", "POST",
            "url", "https://api.twilio.com/it's/Messages",
            "headers", Map.of("Authorization", "[redacted]", "User-Agent", "FastYoke-Webhooks/1.0"),
            "body", "To=%2B1555");
    api.on("GET /action-runs/.*/requests", call -> Reply.ok(Map.of("actions", List.of(request))));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    page.getByText("Exact request").click();
    button(page, "Copy as curl").click();
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()").toString())
        .startsWith("curl --request POST 'https://api.twilio.com/it'\\''s/Messages'")
        .contains("--header \"Authorization: $AUTHORIZATION\"")
        .contains("--header 'User-Agent: FastYoke-Webhooks/1.0'")
        .endsWith("--data-raw 'To=%2B1555'");
  }

  @Test
  void replaysOneAndOpensTheNewRun() {
    api.on(
        "POST /action-runs/.*/replay",
        call ->
            new Reply(202, FakeData.run(FakeData.RUNNING_RUN, "job_1", "pending", 0), Map.of()));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    button(page, "Replay what failed").click();
    assertThat(page).hasURL(Pattern.compile(FakeData.RUNNING_RUN));
    assertThat(button(page, "Cancel what is not sent")).isVisible();
  }

  @Test
  void cancelsWhatIsUnderWay() {
    api.on("POST /action-runs/.*/cancel", call -> Reply.ok(FakeData.runs().get(1)));
    Page page = browser.open(api, "#/deliveries/" + FakeData.RUNNING_RUN);
    button(page, "Cancel what is not sent").click();
    page.getByText("what was not sent yet stays unsent").waitFor();
    assertThat(api.calls("POST /action-runs/" + FakeData.RUNNING_RUN + "/cancel")).hasSize(1);
  }

  @Test
  void countsBeforeItReplaysAFilteredSet() {
    api.on("POST /action-runs/replay", call -> Reply.ok(Map.of("count", 7)));
    Page page = browser.open(api, "#/deliveries?connection_id=" + FakeData.TWILIO);
    button(page, "Replay what failed…").click();
    page.getByText("7 failed runs would be fired again.").waitFor();
    assertThat(api.call("POST /action-runs/replay").body().get("dry_run").asBoolean()).isTrue();
    button(page, "Replay 7 runs").click();
    page.getByText("7 runs fired again.").waitFor();
    var fired = api.calls("POST /action-runs/replay").get(1).body();
    assertThat(fired.get("dry_run").asBoolean()).isFalse();
    assertThat(fired.get("status").asText()).isEqualTo("failed");
    assertThat(fired.get("connection_id").asText()).isEqualTo(FakeData.TWILIO);
    assertThat(fired.hasNonNull("until")).isTrue();
  }

  @Test
  void saysThatARunIsNotThere() {
    Page page = browser.open(api, "#/deliveries/" + FakeData.id(1));
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("There is no such run.");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
