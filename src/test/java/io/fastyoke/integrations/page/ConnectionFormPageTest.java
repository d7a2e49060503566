package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.heading;
import static io.fastyoke.integrations.page.Find.link;
import static io.fastyoke.integrations.page.Keyboard.tabBackTo;
import static io.fastyoke.integrations.page.Keyboard.tabTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The dialog for a connection: what is typed, judged, tried, saved, and never lost. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConnectionFormPageTest {
  private static final String SID = "AC" + "0".repeat(32);

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void judgesTheFieldsBeforeAnythingIsSent() {
    Page page = newTwilio();
    page.getByLabel("Account SID").fill("nope");
    button(page, "Save").click();
    assertThat(field(page, "Name")).isFocused();
    assertThat(page.getByLabel("Account SID"))
        .hasAccessibleDescription("This does not look like an Account SID. Help for Account SID.");
    assertThat(page.getByText("Auth token is needed.")).isVisible();
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  @Test
  void judgesAFieldThatWasFilledInAndLeft() {
    Page page = newTwilio();
    field(page, "Account SID").fill("nope");
    field(page, "Auth token").focus();
    assertThat(field(page, "Account SID"))
        .hasAccessibleDescription("This does not look like an Account SID. Help for Account SID.");
    assertThat(page.locator(".error")).hasCount(1);
    field(page, "Account SID").fill(SID);
    assertThat(page.locator(".error")).hasCount(0);
  }

  @Test
  void putsTheServicesFindingsBesideTheSameFields() {
    api.on("POST /connections", call -> Reply.invalid("credentials.auth_token", "Too short."));
    browser.expectingRefusals();
    Page page = newTwilio();
    fill(page);
    button(page, "Save").click();
    Locator token = field(page, "Auth token");
    assertThat(token).hasAccessibleDescription("Too short. Help for Auth token.");
    assertThat(token).isFocused();
    assertThat(token).hasValue("s3cret");
  }

  @Test
  void testsWhatIsTypedAndSavesItAfterwards() {
    api.on("POST /connections", call -> new Reply(201, FakeData.connections().get(0), Map.of()));
    Page page = newTwilio();
    fill(page);
    field(page, "Name").fill("");
    button(page, "Test connection").click();
    assertThat(page.getByText("It works: the provider accepted the credential.")).isVisible();
    assertThat(api.calls("POST /connections")).isEmpty();
    field(page, "Name").fill("Twilio production");
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
    assertThat(field(page, "Auth token")).hasValue("s3cret");
    field(page, "Auth token").fill("better");
    assertThat(page.getByText("The provider does not accept this credential.")).isHidden();
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  @Test
  void neverShowsStoredCredentialsAndReplacesThemOnRequestOnly() {
    Page page = edit();
    assertThat(page.getByText("Credentials are stored, and are never shown again.")).isVisible();
    assertThat(page.getByLabel("Account SID")).hasCount(0);
    field(page, "Name").fill("Renamed");
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
    browser.expectingRefusals();
    Page page = edit();
    api.on("GET /connections/[^/]+$", call -> FakeData.connection(call).with("ETag", "\"2\""));
    field(page, "Name").fill("Mine");
    button(page, "Save").click();
    button(page, "Load the newest version").click();
    assertThat(field(page, "Name")).hasValue("Mine");
    button(page, "Save").click();
    heading(page, "Edit Twilio production").waitFor(hidden());
  }

  @Test
  void asksBeforeItThrowsTypedTextAway() {
    Page page = newTwilio();
    field(page, "Name").fill("Typed");
    page.keyboard().press("Escape");
    button(page, "Keep editing").click();
    assertThat(field(page, "Name")).hasValue("Typed");
    page.keyboard().press("Escape");
    button(page, "Discard").click();
    assertThat(heading(page, "New connection")).isHidden();
  }

  @Test
  void asksBeforeTheWayBackThrowsTypedTextAway() {
    Page page = browser.open(api, "#/overview");
    page.getByText("Deliveries per hour").first().waitFor();
    page.navigate("/admin/integrations#/connections");
    button(page, "New connection").click();
    field(page, "Twilio").check();
    field(page, "Name").fill("Typed");
    page.goBack();
    button(page, "Keep editing").click();
    assertThat(field(page, "Name")).hasValue("Typed");
    page.keyboard().press("Escape");
    button(page, "Discard").click();
    page.goBack();
    assertThat(heading(page, "Overview")).isVisible();
  }

  @Test
  void takesNoFieldOfOneProviderToAnother() {
    api.on("POST /connections/test", call -> Reply.ok(FakeData.test("ok", 200)));
    api.on("GET /providers", call -> Reply.ok(FakeData.providersWithRegions()));
    Page page = newTwilio();
    fill(page);
    page.getByLabel("Region").fill("dublin.ie1");
    field(page, "REST webhook").check();
    assertThat(page.getByLabel("Region")).hasValue("");
    field(page, "Base URL").fill("https://hooks.acme.test");
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    assertThat(api.call("POST /connections/test").body().get("credentials"))
        .hasToString("{\"base_url\":\"https://hooks.acme.test\"}");
    field(page, "Twilio").check();
    assertThat(page.getByLabel("Region")).hasValue("dublin.ie1");
  }

  /** The form needs nothing but the description, see CONTRIBUTING.md, "A new provider". */
  @Test
  void asksForWhatTheDescriptionOfANewProviderSays() throws IOException {
    List<Object> providers = new ArrayList<>(FakeData.providersWithRegions());
    providers.add(
        new ObjectMapper()
            .readValue(new File("src/test/resources/providers/slack.json"), Map.class));
    api.on("GET /providers", call -> Reply.ok(providers));
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "Slack").check();
    assertThat(field(page, "Bot token")).isVisible();
    button(page, "Save").click();
    assertThat(page.getByText("Bot token is needed.")).isVisible();
  }

  @Test
  void saysWhatEitherOrMeansBeforeAnythingIsSent() {
    api.on("GET /providers", call -> Reply.ok(FakeData.providersWithRegions()));
    Page page = newTwilio();
    field(page, "Name").fill("Twilio production");
    page.getByLabel("Account SID").fill(SID);
    button(page, "Save").click();
    assertThat(
            page.getByText("One of these is needed: Auth token, or API key with API key secret."))
        .isVisible();
    field(page, "API key").fill("SK1");
    button(page, "Save").click();
    assertThat(page.getByText("API key secret is needed with API key.")).isVisible();
    field(page, "Auth token").fill("t0ken");
    button(page, "Save").click();
    assertThat(page.getByText("Give only one of these:")).isVisible();
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  @Test
  void tiesWhatIsWrongWithAHeaderToItsField() {
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "REST webhook").check();
    field(page, "Name").fill("Hooks");
    field(page, "Base URL").fill("https://hooks.acme.test");
    button(page, "Add header").click();
    page.getByLabel("Headers 1, name").fill("X Api Key");
    page.getByLabel("Headers 1, value").fill("k");
    button(page, "Save").click();
    Locator name = page.getByLabel("Headers 1, name");
    assertThat(name).hasAttribute("aria-invalid", "true");
    assertThat(name)
        .hasAccessibleDescription("A header’s name may have letters, digits and hyphens.");
    assertThat(name).isFocused();
    name.fill("X-Api-Key");
    page.getByLabel("Headers 1, value").fill("kéy");
    button(page, "Save").click();
    assertThat(page.getByLabel("Headers 1, value")).hasAttribute("aria-invalid", "true");
    assertThat(api.calls("POST /connections")).isEmpty();
  }

  /** It is part of what was copied: whether it belongs to the secret is for the person to say. */
  @Test
  void namesTheWhiteSpaceAroundASecret() {
    api.on("GET /providers", call -> Reply.ok(FakeData.providersWithParts()));
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "Name").fill("Hooks");
    field(page, "Base URL").fill(" https://hooks.acme.test ");
    field(page, "Authorization header").fill("\tBearer k3y");
    page.getByLabel("Signing secrets 1", exact()).fill("whsec_old\u00a0");
    assertThat(field(page, "Authorization header"))
        .hasAccessibleDescription(
            "Authorization header has white space before or after it; remove that."
                + " Help for Authorization header.");
    button(page, "Save").click();
    assertThat(field(page, "Authorization header")).isFocused();
    assertThat(page.getByLabel("Signing secrets 1", exact()))
        .hasAccessibleDescription("Number 1 has white space before or after it; remove that.");
    field(page, "Authorization header").fill("Bearer k3y");
    page.getByLabel("Signing secrets 1", exact()).fill("whsec_old");
    assertThat(api.calls("POST /connections")).isEmpty();
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    assertThat(api.call("POST /connections/test").body().get("credentials"))
        .hasToString(
            "{\"base_url\":\"https://hooks.acme.test\",\"auth_header\":\"Bearer k3y\","
                + "\"signing_secrets\":[\"whsec_old\"]}");
  }

  @Test
  void asksForThePartsOfTheFieldThatIsChosenAndSendsNoOther() {
    api.on("GET /providers", call -> Reply.ok(FakeData.providersWithParts()));
    api.on("POST /connections/test", call -> Reply.ok(FakeData.test("ok", 200)));
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "Base URL").fill("https://hooks.acme.test");
    field(page, "Authorization header").fill("Bearer forgotten");
    page.getByLabel("Sign in").selectOption("User name and password");
    assertThat(field(page, "Authorization header")).hasCount(0);
    button(page, "Test connection").click();
    assertThat(field(page, "User name")).isFocused();
    assertThat(field(page, "User name"))
        .hasAccessibleDescription("User name is needed. Help for User name.");
    field(page, "User name").fill("fastyoke");
    page.getByLabel("Signing secrets 1", exact()).fill("whsec_old");
    button(page, "Add signing secret").click();
    assertThat(page.getByLabel("Signing secrets 2", exact())).isFocused();
    page.keyboard().type("whsec_new");
    assertThat(button(page, "Add signing secret")).hasAttribute("aria-disabled", "true");
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    assertThat(api.call("POST /connections/test").body().get("credentials"))
        .hasToString(
            "{\"base_url\":\"https://hooks.acme.test\","
                + "\"basic\":{\"username\":\"fastyoke\",\"password\":\"\"},"
                + "\"signing_secrets\":[\"whsec_old\",\"whsec_new\"]}");
    api.on(
        "POST /connections/test",
        call -> Reply.invalid("credentials.signing_secrets[1]", "is in the list already"));
    browser.expectingRefusals();
    button(page, "Test connection").click();
    assertThat(page.getByLabel("Signing secrets 2", exact()))
        .hasAccessibleDescription("Number 2 is in the list already");
    assertThat(page.getByLabel("Signing secrets 2", exact())).isFocused();
    api.on(
        "POST /connections/test",
        call -> Reply.invalid("credentials.basic.password", "must be another"));
    field(page, "Password").fill("p4ss");
    button(page, "Test connection").click();
    assertThat(field(page, "Password"))
        .hasAccessibleDescription("must be another Help for Password.");
    page.getByLabel("Sign in").selectOption("Authorization header");
    assertThat(field(page, "Authorization header")).hasValue("Bearer forgotten");
    assertThat(page.locator(".error")).hasCount(0);
  }

  @Test
  void takesPemWithItsLinesAndWantsBothOfWhatBelongsTogether() {
    api.on("GET /providers", call -> Reply.ok(FakeData.providersWithTexts()));
    api.on("POST /connections/test", call -> Reply.ok(FakeData.test("ok", 200)));
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "Base URL").fill("https://hooks.acme.test");
    page.getByLabel("Client certificate").fill("-----BEGIN CERTIFICATE-----\nMIIB\n");
    button(page, "Test connection").click();
    Locator key = page.getByLabel("Key (optional)", exact());
    assertThat(key).isFocused();
    assertThat(key)
        .hasAccessibleDescription("Key is needed with Client certificate. Help for Key.");
    key.fill("-----BEGIN PRIVATE KEY-----\nMIGH\n");
    assertThat(key).hasCSS("-webkit-text-security", "disc");
    button(page, "Show Key").click();
    assertThat(key).hasCSS("-webkit-text-security", "none");
    button(page, "Test connection").click();
    page.getByText("It works").waitFor();
    assertThat(api.call("POST /connections/test").body().get("credentials"))
        .hasToString(
            "{\"base_url\":\"https://hooks.acme.test\","
                + "\"client_certificate\":\"-----BEGIN CERTIFICATE-----\\nMIIB\","
                + "\"client_key\":\"-----BEGIN PRIVATE KEY-----\\nMIGH\"}");
  }

  @Test
  void dropsTheAnswerToATestOfWhatWasTypedBefore() {
    Page page = newTwilio();
    fill(page);
    // The answer waits until something else was typed.
    page.evaluate(
        "() => { const real = window.fetch; window.fetch = (url, init) => {"
            + " const answer = real(url, init); if (!url.endsWith('/test')) return answer;"
            + " return new Promise(done => { window.answer = () => done(answer); }); }; }");
    button(page, "Test connection").click();
    page.waitForFunction("() => window.answer");
    field(page, "Auth token").fill("other");
    page.evaluate("() => { window.answer(); return new Promise(done => setTimeout(done, 50)); }");
    assertThat(page.getByText("It works")).hasCount(0);
    assertThat(button(page, "Test connection")).isEnabled();
  }

  @Test
  void worksWithTheKeyboardAlone() {
    Page page = browser.open(api, "");
    link(page, "Twilio production").waitFor();
    tabTo(page, button(page, "New connection"));
    page.keyboard().press("Enter");
    assertThat(heading(page, "New connection")).isVisible();
    tabTo(page, field(page, "Twilio"));
    page.keyboard().press("Space");
    tabTo(page, page.getByLabel("Account SID"));
    page.keyboard().type("nope");
    page.keyboard().press("Enter");
    assertThat(field(page, "Name")).isFocused();
    page.keyboard().press("Escape");
    tabTo(page, button(page, "Discard"));
    page.keyboard().press("Enter");
    assertThat(button(page, "New connection")).isFocused();
  }

  @Test
  void keepsTheFocusWhereTheWorkGoesOn() {
    Page page = browser.open(api, "#/connections/" + FakeData.TWILIO);
    tabTo(page, button(page, "Test connection"));
    page.keyboard().press("Enter");
    page.getByText("It works").waitFor();
    assertThat(button(page, "Test connection")).isFocused();
    tabTo(page, button(page, "Pause"));
    page.keyboard().press("Enter");
    page.getByText("Nothing is sent through it").waitFor();
    assertThat(button(page, "Pause")).isFocused();
    tabBackTo(page, button(page, "Edit"));
    page.keyboard().press("Enter");
    tabTo(page, button(page, "Replace credentials"));
    page.keyboard().press("Enter");
    assertThat(page.getByLabel("Account SID")).isFocused();
    page.keyboard().press("Escape");
    page.getByText("Discard what you typed?").waitFor();
  }

  @Test
  void hearsEscapeWhereverTheFocusIs() {
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    heading(page, "New connection").click();
    page.keyboard().press("Escape");
    assertThat(page.locator("dialog[open]")).hasCount(0);
  }

  @Test
  void coversNoFieldWhenThePageIsMagnified() {
    Page page = newTwilio();
    page.setViewportSize(320, 256);
    field(page, "Auth token").focus();
    Object covered =
        page.evaluate(
            "() => { const dialog = document.querySelector('fy-app').shadowRoot"
                + ".querySelector('fy-connections').shadowRoot.querySelector('fy-connection-dialog');"
                + "return getComputedStyle(dialog.shadowRoot.querySelector('.actions')).position; }");
    assertThat(covered).isEqualTo("static");
  }

  private static Page.GetByLabelOptions exact() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private Page newTwilio() {
    Page page = browser.open(api, "");
    button(page, "New connection").click();
    field(page, "Twilio").check();
    return page;
  }

  private static void fill(Page page) {
    field(page, "Name").fill("Twilio production");
    page.getByLabel("Account SID").fill(SID);
    field(page, "Auth token").fill("s3cret");
  }

  private Page edit() {
    Page page = browser.open(api, "#/connections/" + FakeData.TWILIO);
    button(page, "Edit").click();
    return page;
  }

  private static Locator.WaitForOptions hidden() {
    return new Locator.WaitForOptions()
        .setState(com.microsoft.playwright.options.WaitForSelectorState.HIDDEN);
  }
}
