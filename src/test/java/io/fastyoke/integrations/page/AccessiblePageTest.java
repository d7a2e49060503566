package io.fastyoke.integrations.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every view, in both colour schemes, narrow and wide: no violation, no sideways scrolling. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class AccessiblePageTest {
  /** A view, what shows that it is there, and what is done there before it is judged. */
  record View(String name, String fragment, String ready, Consumer<Page> then) {
    View(String name, String fragment, String ready) {
      this(name, fragment, ready, page -> {});
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<View> VIEWS =
      List.of(
          new View("connections", "", "Twilio production"),
          new View("connection", "#/connections/" + FakeData.TWILIO, "Last deliveries"),
          new View("deliveries", "#/deliveries", "job_1"),
          new View("delivery", "#/deliveries/" + FakeData.FAILED_RUN, "Attempt 1"),
          new View("overview", "#/overview", "This month, to be billed"),
          new View("templates", "#/templates", "Without a value:"),
          new View("not-found", "#/connections/none", "There is no such connection."),
          new View("new-connection", "", "Twilio production", AccessiblePageTest::wrongInput),
          new View(
              "delete-connection",
              "#/connections/" + FakeData.TWILIO,
              "Last deliveries",
              page -> press(page, "Delete")),
          new View("replay", "#/deliveries", "job_1", page -> press(page, "Replay what failed…")));

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();

  static Stream<Arguments> everyViewAndLook() {
    return VIEWS.stream()
        .flatMap(
            view ->
                Stream.of(320, 1440)
                    .flatMap(
                        width ->
                            Stream.of(ColorScheme.LIGHT, ColorScheme.DARK)
                                .map(scheme -> Arguments.of(view, new Look(width, scheme)))));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyViewAndLook")
  void hasNoViolation(View view, Look look) {
    Page page = browser.open(api(), view.fragment(), look, Tokens.of("admin"));
    page.getByText(view.ready()).locator("visible=true").first().waitFor();
    view.then().accept(page);
    settle(page);
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(AdminBrowser.SCREENSHOTS.resolve(view.name() + "-" + look + ".png")));
    assertThat(new AxeBuilder(page).analyze().getViolations().stream().map(Rule::toString))
        .isEmpty();
    assertThat(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
        .as("pixels to scroll sideways")
        .isEqualTo(0);
  }

  @Test
  void hasNoViolationWhereItAsksForAToken() {
    Page page = browser.openSignedOut(api());
    page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Sign in")).waitFor();
    assertThat(new AxeBuilder(page).analyze().getViolations().stream().map(Rule::toString))
        .isEmpty();
  }

  private static FakeApi api() {
    Map<String, Object> preview =
        Map.of("index", 0, "missing", List.of("job.customer.phone"), "provider", "twilio");
    return new FakeApi()
        .on("POST /action-runs/preview", call -> Reply.ok(Map.of("actions", List.of(preview))))
        .on("POST /action-runs/replay", call -> Reply.ok(Map.of("count", 3)));
  }

  private static void wrongInput(Page page) {
    press(page, "New connection");
    page.getByLabel("Twilio", new Page.GetByLabelOptions().setExact(true)).check();
    press(page, "Save and test");
  }

  private static void press(Page page, String button) {
    Locator found =
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true));
    found.click();
  }

  /** Until nothing is loading any more. */
  private static void settle(Page page) {
    page.waitForLoadState(com.microsoft.playwright.options.LoadState.NETWORKIDLE);
  }
}
