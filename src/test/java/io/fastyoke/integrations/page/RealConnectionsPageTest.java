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
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.contract.TokenServer;
import io.fastyoke.integrations.support.LoopbackServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections with the service's own API and a real receiver behind the page. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class RealConnectionsPageTest {
  private static final String SID = "AC" + "0f".repeat(16);

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final String tenant = PageFixture.freshTenant();

  @Test
  void connectsTwilioAfterTestingIt() {
    Page page = begin("Twilio", "SMS");
    field(page, "Account SID").fill(SID);
    field(page, "Auth token").fill("t0ken");
    testAndSave(page, "SMS");
    assertThat(page.locator("dl")).containsText("Twilio");
  }

  @Test
  void connectsSendgridAfterTestingIt() {
    Page page = begin("Twilio SendGrid", "Mail");
    field(page, "API key").fill("SG.k3y");
    page.getByLabel("Region").selectOption("eu");
    // The receiver of the tests names no scopes, so what the test says is not judged here.
    button(page, "Save").click();
    assertThat(heading(page, "Mail")).isVisible();
  }

  @Test
  void connectsAnEndpointAndSendsWhatWasTyped() {
    Page page = rest("ERP");
    testAndSave(page, "ERP");
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    assertThat(TestPostgres.receiver().at(tenant))
        .hasSize(2)
        .allMatch(arrival -> arrival.header("Authorization").equals("Bearer s3cret"));
  }

  @Test
  void connectsAnEndpointThatWantsAccessTokens() {
    try (TokenServer server = new TokenServer()) {
      Page page = begin("REST endpoint", "Orders");
      field(page, "Base URL").fill(server.url() + "/api");
      page.getByLabel("Sign in").selectOption("OAuth 2 client");
      field(page, "Token URL").fill(server.url() + "/token");
      field(page, "Client ID").fill("fastyoke");
      field(page, "Client secret").fill("s3cret");
      field(page, "Scope").fill("orders.write");
      page.getByLabel("Client authentication").selectOption("body");
      server.fault =
          exchange -> LoopbackServer.answer(exchange, 401, "{\"error\":\"invalid_client\"}");
      button(page, "Test connection").click();
      page.getByText("The token endpoint answered 401 (invalid_client). Check client").waitFor();
      server.fault = null;
      testAndSave(page, "Orders");
      assertThat(server.asked.get(server.asked.size() - 1).body())
          .isEqualTo(
              "grant_type=client_credentials&scope=orders.write"
                  + "&client_id=fastyoke&client_secret=s3cret");
    }
  }

  @Test
  void renamesPausesResumesAndDeletes() {
    Page page = rest("Before");
    button(page, "Save").click();
    heading(page, "Before").waitFor();
    button(page, "Edit").click();
    field(page, "Name").fill("After");
    button(page, "Save").click();
    assertThat(heading(page, "After")).isVisible();
    button(page, "Pause").click();
    assertThat(text(page, "Paused")).isVisible();
    button(page, "Resume").click();
    assertThat(text(page, "Active")).isVisible();
    button(page, "Delete").click();
    page.getByText("No workflow used it in the last 7 days.").waitFor();
    button(page, "Delete connection").click();
    assertThat(page.getByText("No connections yet")).isVisible();
  }

  @Test
  void replacesCredentialsAndTestsTheNewOnesBeforeTheyAreStored() {
    Page page = rest("Rotated");
    button(page, "Save").click();
    button(page, "Edit").click();
    button(page, "Replace credentials").click();
    field(page, "Base URL").fill(receiver() + "/status/401");
    inDialog(page, "Test connection").click();
    page.getByText("The endpoint does not accept this credential.").waitFor();
    field(page, "Base URL").fill(receiver());
    field(page, "Authorization header").fill("Bearer n3w");
    button(page, "Save").click();
    page.getByText("Saved.").waitFor();
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    List<String> sent =
        TestPostgres.receiver().at(tenant).stream()
            .map(arrival -> arrival.header("Authorization"))
            .toList();
    assertThat(sent).endsWith("Bearer n3w");
  }

  @Test
  void marksTheFieldsThatTheServiceRefuses() {
    browser.expectingRefusals();
    Page page = begin("REST endpoint", "Inside");
    field(page, "Base URL").fill("https://10.0.0.1");
    button(page, "Save").click();
    assertThat(field(page, "Base URL")).hasAttribute("aria-invalid", "true");
    assertThat(field(page, "Base URL")).isFocused();
    field(page, "Twilio").check();
    field(page, "Account SID").fill(SID);
    button(page, "Test connection").click();
    assertThat(page.locator(".error").first()).isVisible();
  }

  /** As people paste them; the service says what is wrong, at the field. */
  @Test
  void namesWhatIsWrongWithAPastedSecret() {
    browser.expectingRefusals();
    Page page = rest("Pasted");
    Locator header = field(page, "Authorization header");
    Locator secret = field(page, "Signing secret");
    header.fill("Bearer Bearer s3cret");
    secret.fill("v1,whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    button(page, "Save").click();
    assertThat(header).hasAccessibleDescription(Pattern.compile("^has its scheme twice .*"));
    assertThat(header).isFocused();
    assertThat(secret)
        .hasAccessibleDescription(
            Pattern.compile(
                "^begins with the name of a signature; leave out all before whsec_ .*"));
    header.fill("Bearer s3cret");
    secret.fill(" whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    button(page, "Save").click();
    assertThat(secret)
        .hasAccessibleDescription(Pattern.compile("^Signing secret has white space before .*"));
    secret.fill("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    button(page, "Save").click();
    assertThat(heading(page, "Pasted")).isVisible();
  }

  @Test
  void saysThatTheNameIsTaken() {
    browser.expectingRefusals();
    Page page = rest("Twice");
    button(page, "Save").click();
    heading(page, "Twice").waitFor();
    page.navigate("/admin/integrations");
    Page again = fillRest(open(page, "REST endpoint", "tWICE"));
    button(again, "Save").click();
    assertThat(page.getByText("Another connection has this name already.")).isVisible();
    assertThat(field(page, "Name")).isFocused();
  }

  @Test
  void findsByAPartOfTheName() {
    Page page = rest("Accounting");
    button(page, "Save").click();
    heading(page, "Accounting").waitFor();
    page.navigate("/admin/integrations#/connections?search=none");
    assertThat(page.getByText("No connection matches")).isVisible();
    page.getByLabel("Search").fill("COUNT");
    assertThat(link(page, "Accounting")).isVisible();
  }

  @Test
  void letsAnOperatorLookButNotChange() {
    Page page = rest("Seen");
    button(page, "Save").click();
    heading(page, "Seen").waitFor();
    Page looking = browser.openReal("", PageFixture.token(tenant, "operator"));
    link(looking, "Seen").click();
    heading(looking, "Seen").waitFor();
    assertThat(looking.getByText("Nothing was fired yet.")).isVisible();
    for (String action : List.of("Edit", "Pause", "Delete", "Test connection", "New connection")) {
      assertThat(button(looking, action)).hasCount(0);
    }
    looking.navigate("/admin/integrations#/overview");
    assertThat(heading(looking, "Overview")).isVisible();
    assertThat(looking.getByText("to be billed")).hasCount(0);
  }

  private Page begin(String provider, String name) {
    return open(browser.openReal("", PageFixture.token(tenant, "admin")), provider, name);
  }

  private static Page open(Page page, String provider, String name) {
    button(page, "New connection").click();
    field(page, provider).check();
    field(page, "Name").fill(name);
    return page;
  }

  private Page rest(String name) {
    return fillRest(begin("REST endpoint", name));
  }

  private Page fillRest(Page page) {
    field(page, "Base URL").fill(receiver());
    field(page, "Authorization header").fill("Bearer s3cret");
    return page;
  }

  private String receiver() {
    return TestPostgres.receiver().url() + "/" + tenant;
  }

  private static void testAndSave(Page page, String name) {
    inDialog(page, "Test connection").click();
    page.getByText("It works").waitFor();
    button(page, "Save").click();
    assertThat(heading(page, name)).isVisible();
  }

  private static Locator inDialog(Page page, String name) {
    return page.locator("fy-connection-dialog")
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }
}
