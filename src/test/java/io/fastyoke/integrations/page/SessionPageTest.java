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
    Page page = browser.open(api, "#/connections/" + FakeData.TWILIO);
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

  @Test
  void saysThatTheServiceIsAwayAndGoesOnWhenItIsBack() {
    api.away(true);
    Page page = browser.open(api, "");
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

  private static void paste(Page page, String token) {
    Locator field = page.getByLabel("Token");
    field.fill(token);
    page.getByRole(AriaRole.BUTTON, named("Continue")).click();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
