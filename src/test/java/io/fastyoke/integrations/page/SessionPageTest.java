package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.heading;
import static io.fastyoke.integrations.page.Find.link;
import static io.fastyoke.integrations.page.Find.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
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
    assertThat(heading(page, "Sign in")).isVisible();
    paste(page, "nonsense");
    assertThat(page.getByText("This is not a token")).isVisible();
    paste(page, Tokens.of("admin", 1));
    assertThat(page.getByText("This token has expired.")).isVisible();
    paste(page, Tokens.of("admin"));
    assertThat(link(page, "Twilio production")).isVisible();
  }

  @Test
  void takesATokenFromItsOwnOriginByMessage() {
    Page page = browser.openSignedOut(api);
    heading(page, "Sign in").waitFor();
    page.evaluate(
        "token => window.postMessage({type: 'fastyoke.token', token}, location.origin)",
        Tokens.of("admin"));
    assertThat(link(page, "Twilio production")).isVisible();
  }

  @Test
  void takesNoneFromAnotherOrigin() {
    Page page = browser.openSignedOut(api);
    heading(page, "Sign in").waitFor();
    page.evaluate(
        "token => window.dispatchEvent(new MessageEvent('message', {origin: 'https://evil.test',"
            + " data: {type: 'fastyoke.token', token}}))",
        Tokens.of("admin"));
    assertThat(heading(page, "Sign in")).isVisible();
    assertThat(api.calls(".*")).isEmpty();
  }

  @Test
  void goesOnAfterTheSessionEndedWithEverythingThatWasTyped() {
    String old = Tokens.of("admin");
    Page page = browser.expectingRefusals().open(api, "#/connections/" + FakeData.TWILIO);
    button(page, "Edit").click();
    field(page, "Name").fill("Typed");
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
    button(page, "Save").click();
    assertThat(heading(page, "Your session has ended")).isVisible();
    paste(page, old.replace(".x", ".y"));
    page.getByText("Saved.").waitFor();
    assertThat(api.calls("PATCH /connections/.*").get(1).body().get("connection_name").asText())
        .isEqualTo("Typed");
  }

  /** What waited was meant for the tenant before: stored in the other one, it would be a leak. */
  @Test
  void givesNothingOfOneTenantToAnother() {
    Page page = browser.expectingRefusals().open(api, "");
    assertThat(text(page, "t1")).isVisible();
    button(page, "New connection").click();
    field(page, "REST webhook").check();
    field(page, "Name").fill("Secret");
    field(page, "Base URL").fill("https://hooks.acme.test");
    api.on("POST /connections", call -> Reply.error(401, "unauthorized", "Expired."));
    button(page, "Save").click();
    heading(page, "Your session has ended").waitFor();
    api.on("GET /connections", call -> new Reply(200, new Object[0], Map.of()));
    paste(page, Tokens.of("t2", "admin", 4_102_444_800L));
    assertThat(page.getByText("No connections yet")).isVisible();
    assertThat(text(page, "t2")).isVisible();
    assertThat(page.locator("dialog[open]")).hasCount(0);
    assertThat(api.calls("POST /connections")).hasSize(1);
  }

  @Test
  void dropsAnAnswerThatComesInForTheTenantBefore() {
    Page page = browser.open(api, "");
    link(page, "Twilio production").waitFor();
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
    link(page, "Twilio production").waitFor();
    page.reload();
    assertThat(link(page, "Twilio production")).isVisible();
    assertThat(heading(page, "Sign in")).hasCount(0);
  }

  @Test
  void judgesApiClientsByTheirScopes() {
    Page reads = browser.open(api, "", Look.USUAL, Tokens.machine("workflow:read"));
    link(reads, "Twilio production").waitFor();
    assertThat(button(reads, "New connection")).hasCount(0);
    // It goes on asking, and the service of these tests knows one token at a time.
    reads.close();
    Page manages = browser.open(api, "", Look.USUAL, Tokens.machine("admin:*"));
    assertThat(button(manages, "New connection")).isVisible();
  }

  @Test
  void showsTheBillToWhomSignsInOnThePage() {
    Page page = browser.openSignedOut(api);
    heading(page, "Sign in").waitFor();
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
    button(page, "Try again").click();
    assertThat(link(page, "Twilio production")).isVisible();
  }

  @Test
  void saysWhatIsMissingWhereThereIsNothing() {
    api.on("GET /connections", call -> new Reply(200, new Object[0], Map.of()));
    Page page = browser.open(api, "");
    assertThat(page.getByText("No connections yet")).isVisible();
    button(page, "Connect the first provider").click();
    assertThat(heading(page, "New connection")).isVisible();
  }

  private static void paste(Page page, String token) {
    Locator field = page.getByLabel("Token");
    field.fill(token);
    button(page, "Continue").click();
  }
}
