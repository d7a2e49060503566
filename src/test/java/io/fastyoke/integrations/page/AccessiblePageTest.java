package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.heading;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.ReducedMotion;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
          new View("notices", "#/notices", "You are told.", AccessiblePageTest::tellNothing),
          new View(
              "certificate",
              "#/connections/" + FakeData.ENDING,
              "Its client certificate ends",
              page -> {}),
          new View("not-found", "#/connections/none", "There is no such connection."),
          new View("nowhere", "#/nowhere", "There is no such page"),
          new View(
              "replay-one",
              "#/deliveries/" + FakeData.FAILED_RUN,
              "Attempt 1",
              page -> button(page, "Replay what failed…").click()),
          new View("offline", "#/deliveries", "job_1", AccessiblePageTest::goOffline),
          new View("new-connection", "", "Twilio production", AccessiblePageTest::wrongInput),
          new View(
              "edit-connection",
              "#/connections/" + FakeData.TWILIO,
              "Last deliveries",
              AccessiblePageTest::replaceCredentials),
          new View(
              "delete-connection",
              "#/connections/" + FakeData.TWILIO,
              "Last deliveries",
              page -> button(page, "Delete").click()),
          new View(
              "replay",
              "#/deliveries",
              "job_1",
              page -> button(page, "Replay what failed…").click()));

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();

  /** What the service does, where it is not simply there. */
  record Trouble(String name, String fragment, String ready, Function<FakeApi, FakeApi> cause) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String NOTHING = "GET /(connections|action-runs|usage|stats/connections)";

  static Stream<Trouble> troubles() {
    return Stream.of("", "#/deliveries", "#/overview", "#/templates")
        .flatMap(
            fragment -> {
              String view = fragment.isEmpty() ? "connections" : fragment.substring(2);
              return Stream.of(
                  new Trouble("empty-" + view, fragment, "yet|Nothing was", api -> emptied(api)),
                  new Trouble(
                      "broken-" + view,
                      fragment,
                      "request 0d7c9b8e",
                      api -> api.on("GET /.*", call -> FakeData.broken())),
                  new Trouble("loading-" + view, fragment, "", FakeApi::silent));
            });
  }

  private static FakeApi emptied(FakeApi api) {
    return api.on(NOTHING, call -> Reply.ok(List.of()))
        .on("GET /stats", call -> Reply.ok(FakeData.stats(FakeData.id(3))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void hasNoViolationInTrouble(Trouble trouble) {
    Page page = browser.expectingRefusals().open(trouble.cause().apply(api()), trouble.fragment());
    page.locator("h1").first().waitFor();
    if (!trouble.ready().isEmpty()) {
      page.getByText(Pattern.compile(trouble.ready())).locator("visible=true").first().waitFor();
    }
    judge(page, new View(trouble.name(), trouble.fragment(), trouble.ready()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#/deliveries", "#/overview"})
  void hasNoViolationForAnOperator(String fragment) {
    Page page = browser.open(api(), fragment, Look.USUAL, Tokens.of("operator"));
    page.getByText("Operator: can look, replay and cancel").waitFor();
    page.waitForLoadState(LoadState.NETWORKIDLE);
    judge(page, new View("operator-" + fragment.substring(2), fragment, ""));
  }

  static List<View> views() {
    return VIEWS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void hasNoViolation(View view) {
    Page page = browser.expectingRefusals().open(api(), view.fragment());
    page.getByText(view.ready()).locator("visible=true").first().waitFor();
    view.then().accept(page);
    page.waitForLoadState(LoadState.NETWORKIDLE);
    judge(page, view);
  }

  /** With the real descriptions, and a row of each field that has rows. */
  @ParameterizedTest
  @ValueSource(strings = {"User name and password", "OAuth 2 client", "AWS Signature Version 4"})
  void hasNoViolationInAnyWayToSignIn(String way) {
    Page page = browser.openReal("", PageFixture.token(PageFixture.freshTenant(), "admin"));
    button(page, "New connection").click();
    field(page, "REST endpoint").check();
    page.getByLabel("Sign in").selectOption(way);
    for (Locator add : page.getByText(Pattern.compile("^Add ")).all()) {
      add.click();
    }
    judge(page, new View("sign-in-" + way.toLowerCase(Locale.ROOT).replace(' ', '-'), "", ""));
  }

  private static void judge(Page page, View view) {
    SoftAssertions softly = new SoftAssertions();
    for (int width : List.of(320, 1280)) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        judge(page, view, new Look(width, scheme), softly);
      }
    }
    softly.assertAll();
  }

  private static void judge(Page page, View view, Look look, SoftAssertions softly) {
    show(page, view, look);
    softly.assertThat(violations(page)).as("violations at %s", look).isEmpty();
    softly.assertThat(sideways(page)).as("pixels to scroll sideways at %s", look).isEqualTo(0);
  }

  private static void show(Page page, View view, Look look) {
    page.setViewportSize(look.width(), look.height());
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.scheme()));
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(AdminBrowser.SCREENSHOTS.resolve(view.name() + "-" + look + ".png")));
  }

  private static List<String> violations(Page page) {
    // The other mode opens a second page for each analysis, to look into frames; there are none.
    return new AxeBuilder(page)
        .setLegacyMode(true).analyze().getViolations().stream().map(Rule::toString).toList();
  }

  private static Object sideways(Page page) {
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  }

  @Test
  void holdsStillForWhomMotionDisturbs() {
    Page page = browser.open(new FakeApi().silent(), "#/deliveries");
    Locator placeholder = page.locator("fy-skeleton span").first();
    assertThat(placeholder).hasCSS("animation-name", "none");
    page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
    assertThat(placeholder).hasCSS("animation-name", "breathe");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"connections", "connection", "deliveries", "delivery", "overview", "templates"})
  void fillsAWall(String name) {
    View view = VIEWS.stream().filter(some -> some.name().equals(name)).findAny().orElseThrow();
    Page page = browser.open(api(), view.fragment());
    page.getByText(view.ready()).locator("visible=true").first().waitFor();
    page.waitForLoadState(LoadState.NETWORKIDLE);
    SoftAssertions softly = new SoftAssertions();
    judge(page, view, new Look(3840, ColorScheme.LIGHT), softly);
    softly.assertAll();
  }

  @Test
  void hasNoViolationWhereItAsksForAToken() {
    Page page = browser.openSignedOut(api());
    heading(page, "Sign in").waitFor();
    judge(page, new View("sign-in", "", ""));
  }

  private static FakeApi api() {
    Map<String, Object> preview =
        Map.of("index", 0, "missing", List.of("job.customer.phone"), "provider", "twilio");
    return new FakeApi()
        .on("POST /action-runs/preview", call -> Reply.ok(Map.of("actions", List.of(preview))))
        .on("POST /action-runs/replay", call -> Reply.ok(Map.of("count", 3)));
  }

  private static void goOffline(Page page) {
    page.context().setOffline(true);
    page.getByText("Not up to date since").waitFor();
  }

  private static void replaceCredentials(Page page) {
    button(page, "Edit").click();
    button(page, "Replace credentials").click();
    field(page, "Auth token").fill("typed");
    page.keyboard().press("Escape");
    page.getByText("Discard what you typed?").waitFor();
  }

  private static void tellNothing(Page page) {
    field(page, "Path").fill("/a#b");
    field(page, "A delivery has failed").uncheck();
    button(page, "Save").click();
    page.getByText("Choose at least one.").waitFor();
  }

  private static void wrongInput(Page page) {
    button(page, "New connection").click();
    field(page, "Twilio").check();
    button(page, "Save").click();
  }
}
