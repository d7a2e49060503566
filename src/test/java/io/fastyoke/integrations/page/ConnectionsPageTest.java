package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.heading;
import static io.fastyoke.integrations.page.Find.link;
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
    assertThat(link(page, "ERP hooks")).isVisible();
  }

  @Test
  void leadsToTheOnesThatFailWhereverTheyAre() {
    List<Map<String, Object>> many = new ArrayList<>(FakeData.connections(2_000));
    many.add(FakeData.connection(FakeData.id(99_999), "Last", "twilio", "active", "failure"));
    api.on("GET /connections", call -> FakeApi.page(FakeData.filtered(many, call), call));
    Page page = browser.open(api, "");
    link(page, "1 failing").click();
    assertThat(link(page, "Last")).isVisible();
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.getByLabel("Status")).hasValue("failing");
    assertThat(link(page, "1 failing")).hasCount(0);
  }

  @Test
  void leavesTheFocusAtTheSearchWhenTheFiltersAreCleared() {
    Page page = browser.open(api, "#/connections?search=nobody");
    api.on("GET /connections", call -> Reply.ok(List.of()));
    page.getByLabel("Search").fill("nobody else");
    Keyboard.press(page, button(page, "Clear the filters"));
    assertThat(page.getByLabel("Search")).isFocused();
    assertThat(page.getByLabel("Search")).hasValue("");
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
    api.on(
        "GET /connections",
        call -> FakeApi.page(named(FakeData.filtered(many, call), call.query().get("q")), call));
    Page page = browser.open(api, "");
    assertThat(page.locator("tbody tr")).hasCount(25);
    assertThat(page.getByText("of 100+ connections")).isVisible();
    page.getByLabel("Search").fill("connection 9999");
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(link(page, "Connection 9999")).isVisible();
    page.getByLabel("Search").fill("");
    assertThat(page.locator("tbody tr")).hasCount(25);
    assertThat(api.calls("GET /connections"))
        .filteredOn(call -> !call.query().containsKey("status"))
        .hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void letsTheServiceFindAStatusThatIsFarBehind() {
    List<Map<String, Object>> many = new ArrayList<>(FakeData.connections(2_000));
    many.add(FakeData.connection(FakeData.id(99_999), "Last", "twilio", "paused", "success"));
    api.on("GET /connections", call -> FakeApi.page(FakeData.filtered(many, call), call));
    Page page = browser.open(api, "#/connections?status=paused");
    link(page, "Last").waitFor();
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(api.calls("GET /connections").size()).isLessThanOrEqualTo(2);
  }

  @Test
  void asksForTheDayOfAllThatAreInViewAtOnce() {
    api.on("GET /connections", call -> FakeApi.page(FakeData.connections(100), call));
    Page page = browser.open(api, "");
    assertThat(page.getByRole(AriaRole.IMG).first()).isVisible();
    assertThat(api.calls("GET /stats.*").size()).isLessThanOrEqualTo(3);
  }

  @Test
  void clearsTheFilterByItsOwnNameInTheNavigation() {
    Page page = browser.open(api, "#/connections?status=failing");
    assertThat(page.locator("tbody tr")).hasCount(1);
    page.getByRole(
            AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Integrations").setExact(true))
        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Connections"))
        .click();
    assertThat(page.locator("tbody tr")).hasCount(4);
    assertThat(page.getByLabel("Status")).hasValue("");
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
  void doesNotSayThatACredentialIsRightWhenTheAddressIsNot() {
    api.on("POST /connections/[^/]+/test", call -> Reply.ok(FakeData.test("ok", 404)));
    Page page = browser.open(api, "#/connections/" + FakeData.id(2));
    button(page, "Test connection").click();
    assertThat(page.getByText("its base URL answered 404")).isVisible();
    assertThat(page.getByText("accepted the credential")).hasCount(0);
    api.on("POST /connections/[^/]+/test", call -> Reply.ok(FakeData.test("unreachable", 0)));
    page.navigate("/admin/integrations#/connections/" + FakeData.TWILIO);
    button(page, "Test connection").click();
    assertThat(page.getByText("nothing is known of the credential")).isVisible();
    assertThat(page.getByText("Check the address")).hasCount(0);
  }

  @Test
  void saysWhyNothingWasSentWhileItIsPaused() {
    Page page = browser.open(api, "#/connections/" + FakeData.id(3));
    assertThat(page.getByText("It was paused manually.")).isVisible();
  }

  @Test
  void saysThatAPausedOneHoldsAndForHowLong() {
    Map<String, Object> row =
        FakeData.connection(FakeData.id(3), "Night shift", "generic_rest", "paused", "success");
    row.put("settings", Map.of("when_paused", "hold", "hold_hours", 48));
    api.on("GET /connections/[^/]+", call -> Reply.ok(row));
    api.on("GET /connections", call -> Reply.ok(List.of(row)));
    Page page = browser.open(api, "#/connections/" + FakeData.id(3));
    assertThat(page.getByText("What has waited for 48 hours fails.")).isVisible();
    page.navigate("/admin/integrations#/connections");
    assertThat(page.getByText("Paused, holds")).isVisible();
  }

  private static List<Map<String, Object>> named(List<Map<String, Object>> rows, String part) {
    return part == null
        ? rows
        : rows.stream()
            .filter(row -> row.get("connection_name").toString().toLowerCase(ROOT).contains(part))
            .toList();
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }
}
