package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page with the service's own API behind it, from a new connection to its end. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class RealConnectionsPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();

  @Test
  void createsRenamesPausesAndDeletesAConnection() {
    String name = "Webhook " + UUID.randomUUID();
    Page page = browser.openReal("", PageFixture.token(PageFixture.freshTenant(), "admin"));
    create(page, name);
    assertThat(heading(page, name)).isVisible();
    rename(page, name + " B");
    assertThat(heading(page, name + " B")).isVisible();
    button(page, "Pause").click();
    assertThat(button(page, "Resume")).isVisible();
    button(page, "Delete").click();
    page.getByText("No run used it in the last 7 days.").waitFor();
    button(page, "Delete connection").click();
    assertThat(heading(page, "Connections")).isVisible();
    assertThat(page.getByText(name + " B", new Page.GetByTextOptions().setExact(true))).hasCount(0);
  }

  @Test
  void marksAFieldThatTheDescriptionDoesNotAccept() {
    Page page = browser.openReal("", PageFixture.token(PageFixture.freshTenant(), "admin"));
    button(page, "New connection").click();
    page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Twilio")).check();
    page.getByLabel("Account SID").fill("nope");
    button(page, "Save").click();
    assertThat(page.getByLabel("Account SID")).hasAttribute("aria-invalid", "true");
  }

  private static void create(Page page, String name) {
    button(page, "New connection").click();
    page.locator("input[name=provider]").last().check();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
    page.getByLabel("Base URL").fill("https://hooks.example.com");
    button(page, "Save").click();
  }

  private static void rename(Page page, String name) {
    button(page, "Edit").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
    button(page, "Save").click();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
