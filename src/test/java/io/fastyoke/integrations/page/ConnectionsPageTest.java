package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Locale.ROOT;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConnectionsPageTest {
  private static final String SID = "AC" + "0".repeat(32);

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void listsEveryStateAndFiltersByIt() {
    Page page = browser.open(api, "");
    for (String state : List.of("Active", "Failing", "Paused", "Unreadable")) {
      assertThat(page.locator("tbody").getByText(state, exactly())).hasCount(1);
    }
    page.getByLabel("Status").selectOption("failing");
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.getByRole(AriaRole.LINK, named("ERP hooks"))).isVisible();
  }

  @Test
  void showsTheShareOfADayAsAPictureWithWords() {
    Page page = browser.open(api, "");
    Locator chart = page.getByRole(AriaRole.IMG).first();
    assertThat(chart).hasAttribute("aria-label", "1,176 delivered, 24 failed in the last 24 hours");
  }

  @Test
  void showsTenThousandAScreenfulAtATimeAndLetsTheServiceSearch() {
    List<Map<String, Object>> many = FakeData.connections(10_000);
    api.on("GET /connections", call -> FakeApi.page(named(many, call.query().get("q")), call));
    Page page = browser.open(api, "");
    assertThat(page.locator("tbody tr")).hasCount(25);
    assertThat(page.getByText("of 100+ connections")).isVisible();
    page.getByLabel("Search").fill("connection 9999");
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.getByRole(AriaRole.LINK, named("Connection 9999"))).isVisible();
    page.getByLabel("Search").fill("");
    assertThat(page.locator("tbody tr")).hasCount(25);
    assertThat(api.calls("GET /connections").size()).isLessThanOrEqualTo(3);
  }

  @Test
  void readsOnToAStatusThatIsFarBehind() {
    List<Map<String, Object>> many = new ArrayList<>(FakeData.connections(2_000));
    many.add(FakeData.connection(FakeData.id(99_999), "Last", "twilio", "paused", "success"));
    api.on("GET /connections", call -> FakeApi.page(many, call));
    Page page = browser.open(api, "#/connections?status=paused");
    page.setDefaultTimeout(60_000);
    page.getByRole(AriaRole.LINK, named("Last")).waitFor();
    assertThat(page.locator("tbody tr")).hasCount(1);
  }

  @Test
  void judgesTheFieldsBeforeAnythingIsSent() {
    Page page = newTwilio();
    page.getByLabel("Account SID").fill("nope");
    button(page, "Save").click();
    assertThat(page.getByLabel("Name", exactLabel())).isFocused();
    assertThat(page.getByLabel("Account SID"))
        .hasAccessibleDescription("This does not look like an Account SID. Help for Account SID.");
    assertThat(page.getByText("Auth token is needed.")).isVisible();
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  @Test
  void putsTheServicesFindingsBesideTheSameFields() {
    api.on("POST /connections", call -> Reply.invalid("credentials.auth_token", "Too short."));
    Page page = newTwilio();
    fill(page);
    button(page, "Save").click();
    Locator token = page.getByLabel("Auth token", exactLabel());
    assertThat(token).hasAccessibleDescription("Too short. Help for Auth token.");
    assertThat(token).isFocused();
    assertThat(token).hasValue("s3cret");
  }

  @Test
  void testsWhatIsTypedAndSavesItAfterwards() {
    api.on("POST /connections", call -> new Reply(201, FakeData.connections().get(0), Map.of()));
    Page page = newTwilio();
    fill(page);
    page.getByLabel("Name", exactLabel()).fill("");
    button(page, "Test connection").click();
    assertThat(page.getByText("It works: the provider accepted the credential.")).isVisible();
    assertThat(api.calls("POST /connections")).isEmpty();
    page.getByLabel("Name", exactLabel()).fill("Twilio production");
    button(page, "Save").click();
    assertThat(heading(page, "Twilio production")).isVisible();
    String credentials = "{\"account_sid\":\"" + SID + "\",\"auth_token\":\"s3cret\"}";
    assertThat(api.call("POST /connections/test").body().get("credentials"))
        .hasToString(credentials);
    assertThat(api.call("POST /connections").body())
        .hasToString(
            "{\"provider\":\"twilio\",\"connection_name\":\"Twilio production\",\"credentials\":"
                + credentials
                + "}");
  }

  @Test
  void keepsWhatWasTypedWhenTheTestFails() {
    api.on("POST /connections/test", call -> Reply.ok(FakeData.test("unauthorized", 401)));
    Page page = newTwilio();
    fill(page);
    button(page, "Test connection").click();
    assertThat(page.getByText("The provider does not accept this credential.")).isVisible();
    assertThat(page.getByLabel("Auth token", exactLabel())).hasValue("s3cret");
    page.getByLabel("Auth token", exactLabel()).fill("better");
    assertThat(page.getByText("The provider does not accept this credential.")).isHidden();
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  @Test
  void neverShowsStoredCredentialsAndReplacesThemOnRequestOnly() {
    Page page = edit();
    assertThat(page.getByText("Credentials are stored, and are never shown again.")).isVisible();
    assertThat(page.getByLabel("Account SID")).hasCount(0);
    page.getByLabel("Name", exactLabel()).fill("Renamed");
    button(page, "Save").click();
    heading(page, "Edit Twilio production").waitFor(hidden());
    FakeApi.Call call = api.call("PATCH /connections/.*");
    assertThat(call.body().toString()).isEqualTo("{\"connection_name\":\"Renamed\"}");
    assertThat(call.ifMatch()).isEqualTo("\"1\"");
  }

  @Test
  void offersTheNewestVersionAfterAConflictAndKeepsWhatWasTyped() {
    api.on(
        "PATCH /connections/.*",
        call ->
            call.ifMatch().equals("\"2\"")
                ? Reply.ok(FakeData.connections().get(0))
                : Reply.error(409, "version_conflict", "Changed."));
    Page page = edit();
    api.on("GET /connections/[^/]+$", call -> FakeData.connection(call).with("ETag", "\"2\""));
    page.getByLabel("Name", exactLabel()).fill("Mine");
    button(page, "Save").click();
    button(page, "Load the newest version").click();
    assertThat(page.getByLabel("Name", exactLabel())).hasValue("Mine");
    button(page, "Save").click();
    heading(page, "Edit Twilio production").waitFor(hidden());
  }

  @Test
  void asksBeforeItThrowsTypedTextAway() {
    Page page = newTwilio();
    page.getByLabel("Name", exactLabel()).fill("Typed");
    page.keyboard().press("Escape");
    button(page, "Keep editing").click();
    assertThat(page.getByLabel("Name", exactLabel())).hasValue("Typed");
    page.keyboard().press("Escape");
    button(page, "Discard").click();
    assertThat(heading(page, "New connection")).isHidden();
  }

  @Test
  void pausesAndDeletesAfterSayingHowMuchItIsUsed() {
    Page page = browser.open(api, "#/connections/" + FakeData.TWILIO);
    button(page, "Pause").click();
    page.getByText("Nothing is sent through it").waitFor();
    assertThat(api.call("PATCH /connections/.*").body().toString())
        .isEqualTo("{\"status\":\"paused\"}");
    button(page, "Delete").click();
    assertThat(page.getByText("Workflows used it 1,209 times in the last 7 days.")).isVisible();
    button(page, "Delete connection").click();
    assertThat(heading(page, "Connections")).isVisible();
    assertThat(api.calls("DELETE /connections/" + FakeData.TWILIO)).hasSize(1);
  }

  @Test
  void letsAnOperatorLookButNotChange() {
    Page page =
        browser.open(api, "#/connections/" + FakeData.TWILIO, Look.USUAL, Tokens.of("operator"));
    heading(page, "Twilio production").waitFor();
    for (String action : List.of("Edit", "Pause", "Delete", "Test connection", "New connection")) {
      assertThat(button(page, action)).hasCount(0);
    }
  }

  @Test
  void worksWithTheKeyboardAlone() {
    Page page = browser.open(api, "");
    button(page, "New connection").focus();
    page.keyboard().press("Enter");
    page.getByLabel("Twilio", exactLabel()).focus();
    page.keyboard().press("Space");
    page.getByLabel("Account SID").focus();
    page.keyboard().type("nope");
    page.keyboard().press("Enter");
    assertThat(page.getByLabel("Name", exactLabel())).isFocused();
  }

  private static List<Map<String, Object>> named(List<Map<String, Object>> rows, String part) {
    return part == null
        ? rows
        : rows.stream()
            .filter(row -> row.get("connection_name").toString().toLowerCase(ROOT).contains(part))
            .toList();
  }

  private Page newTwilio() {
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    page.getByLabel("Twilio", exactLabel()).check();
    return page;
  }

  private static void fill(Page page) {
    page.getByLabel("Name", exactLabel()).fill("Twilio production");
    page.getByLabel("Account SID").fill(SID);
    page.getByLabel("Auth token", exactLabel()).fill("s3cret");
  }

  private Page edit() {
    Page page = browser.open(api, "#/connections/" + FakeData.TWILIO);
    button(page, "Edit").click();
    return page;
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, named(name));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.GetByLabelOptions exactLabel() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static Locator.WaitForOptions hidden() {
    return new Locator.WaitForOptions()
        .setState(com.microsoft.playwright.options.WaitForSelectorState.HIDDEN);
  }
}
