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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class SessionPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void asksForATokenAndSaysWhyOneIsNone() {
    Page page = browser.openSignedOut(api);
    assertThat(page.getByRole(AriaRole.HEADING, named("Sign in"))).isVisible();
    paste(page, "nonsense");
    assertThat(page.getByText("This is not a token")).isVisible();
    paste(page, Tokens.of("admin", 1));
    assertThat(page.getByText("This token has expired.")).isVisible();
    paste(page, Tokens.of("admin"));
    assertThat(page.getByRole(AriaRole.LINK, named("Twilio production"))).isVisible();
  }

  @Test
  void takesATokenFromItsOwnOriginByMessage() {
    Page page = browser.openSignedOut(api);
    page.getByRole(AriaRole.HEADING, named("Sign in")).waitFor();
    page.evaluate(
        "token => window.postMessage({type: 'fastyoke.token', token}, location.origin)",
        Tokens.of("admin"));
    assertThat(page.getByRole(AriaRole.LINK, named("Twilio production"))).isVisible();
  }

  @Test
  void takesNoneFromAnotherOrigin() {
    Page page = browser.openSignedOut(api);
    page.getByRole(AriaRole.HEADING, named("Sign in")).waitFor();
    page.evaluate(
        "token => window.dispatchEvent(new MessageEvent('message', {origin: 'https://evil.test',"
            + " data: {type: 'fastyoke.token', token}}))",
        Tokens.of("admin"));
    assertThat(page.getByRole(AriaRole.HEADING, named("Sign in"))).isVisible();
    assertThat(api.calls(".*")).isEmpty();
  }

  @Test
  void goesOnAfterTheSessionEndedWithEverythingThatWasTyped() {
    String old = Tokens.of("admin");
    Page page = browser.expectingRefusals().open(api, "#/connections/" + FakeData.TWILIO);
    page.getByRole(AriaRole.BUTTON, named("Edit")).click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Typed");
    boolean[] refused = {false};
    api.on(
        "PATCH /connections/.*",
        call -> {
          if (refused[0]) {
            return Reply.ok(FakeData.connections().get(0));
          }
          refused[0] = true;
          return Reply.error(401, "unauthorized", "Expired.");
        });
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.getByRole(AriaRole.HEADING, named("Your session has ended"))).isVisible();
    paste(page, old.replace(".x", ".y"));
    page.getByText("Saved.").waitFor();
    assertThat(api.calls("PATCH /connections/.*").get(1).body().get("connection_name").asText())
        .isEqualTo("Typed");
  }

  /** What waited was meant for the tenant before: stored in the other one, it would be a leak. */
  @Test
  void givesNothingOfOneTenantToAnother() {
    Page page = browser.expectingRefusals().open(api, "");
    assertThat(page.getByText("t1", exactText())).isVisible();
    page.getByRole(AriaRole.BUTTON, named("New connection")).click();
    page.getByLabel("REST webhook", exactly()).check();
    page.getByLabel("Name", exactly()).fill("Secret");
    page.getByLabel("Base URL", exactly()).fill("https://hooks.acme.test");
    api.on("POST /connections", call -> Reply.error(401, "unauthorized", "Expired."));
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    page.getByRole(AriaRole.HEADING, named("Your session has ended")).waitFor();
    api.on("GET /connections", call -> new Reply(200, new Object[0], Map.of()));
    paste(page, Tokens.of("t2", "admin", 4_102_444_800L));
    assertThat(page.getByText("No connections yet")).isVisible();
    assertThat(page.getByText("t2", exactText())).isVisible();
    assertThat(page.locator("dialog[open]")).hasCount(0);
    assertThat(api.calls("POST /connections")).hasSize(1);
  }

  @Test
  void dropsAnAnswerThatComesInForTheTenantBefore() {
    Page page = browser.open(api, "");
    page.getByRole(AriaRole.LINK, named("Twilio production")).waitFor();
    api.on("GET /connections", call -> new Reply(200, new Object[0], Map.of()));
    page.evaluate(
        "token => window.postMessage({type: 'fastyoke.token', token}, location.origin)",
        Tokens.of("t2", "admin", 4_102_444_800L));
    assertThat(page.getByText("No connections yet")).isVisible();
    assertThat(page.getByText("Now in tenant t2.")).isVisible();
  }

  @Test
  void prefersThePastedTokenToOneThatHasExpired() {
    Page page = browser.open(api, "", Look.USUAL, Tokens.of("admin", 1));
    browser.expectingRefusals();
    paste(page, Tokens.of("admin"));
    page.getByRole(AriaRole.LINK, named("Twilio production")).waitFor();
    page.reload();
    assertThat(page.getByRole(AriaRole.LINK, named("Twilio production"))).isVisible();
    assertThat(page.getByRole(AriaRole.HEADING, named("Sign in"))).hasCount(0);
  }

  @Test
  void judgesApiClientsByTheirScopes() {
    Page reads = browser.open(api, "", Look.USUAL, Tokens.machine("workflow:read"));
    reads.getByRole(AriaRole.LINK, named("Twilio production")).waitFor();
    assertThat(reads.getByRole(AriaRole.BUTTON, named("New connection"))).hasCount(0);
    // It goes on asking, and the service of these tests knows one token at a time.
    reads.close();
    Page manages = browser.open(api, "", Look.USUAL, Tokens.machine("admin:*"));
    assertThat(manages.getByRole(AriaRole.BUTTON, named("New connection"))).isVisible();
  }

  @Test
  void showsTheBillToWhomSignsInOnThePage() {
    Page page = browser.openSignedOut(api);
    page.getByRole(AriaRole.HEADING, named("Sign in")).waitFor();
    page.evaluate("location.hash = '#/overview'");
    paste(page, Tokens.of("admin"));
    assertThat(page.getByText("1,290")).isVisible();
  }

  @Test
  void saysThatTheServiceIsAwayAndGoesOnWhenItIsBack() {
    api.away(true);
    Page page = browser.expectingRefusals().open(api, "");
    assertThat(page.getByText("The service could not be reached.").first()).isVisible();
    api.away(false);
    page.getByRole(AriaRole.BUTTON, named("Try again")).click();
    assertThat(page.getByRole(AriaRole.LINK, named("Twilio production"))).isVisible();
  }

  @Test
  void saysWhatIsMissingWhereThereIsNothing() {
    api.on("GET /connections", call -> new Reply(200, new Object[0], Map.of()));
    Page page = browser.open(api, "");
    assertThat(page.getByText("No connections yet")).isVisible();
    page.getByRole(AriaRole.BUTTON, named("Connect the first provider")).click();
    assertThat(page.getByRole(AriaRole.HEADING, named("New connection"))).isVisible();
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static Page.GetByTextOptions exactText() {
    return new Page.GetByTextOptions().setExact(true);
  }

  private static void paste(Page page, String token) {
    Locator field = page.getByLabel("Token");
    field.fill(token);
    page.getByRole(AriaRole.BUTTON, named("Continue")).click();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
