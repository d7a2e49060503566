package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.link;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deliveries that really happened: fired over the API, received, and looked at in the page. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class RealDeliveriesPageTest {
  private static final String RUNS = "/api/v1/tenant/action-runs";

  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final String tenant = PageFixture.freshTenant();
  private String connection = "";

  @Test
  void listsWhatHappenedAndExplainsWhatFailed() {
    fire("job_good", "/fine", 1);
    fire("job_bad", "/status/503", 3);
    Page page = open("#/deliveries");
    assertThat(page.locator("tbody tr")).hasCount(2);
    page.getByLabel("Status").selectOption("failed");
    assertThat(page.locator("tbody tr")).hasCount(1);
    link(page, "job_bad").click();
    assertThat(page.getByText("The receiver itself had a problem.")).isVisible();
    assertThat(page.getByText(Pattern.compile("^Attempt \\d$"))).hasCount(3);
    assertThat(page.getByLabel("Response body").last()).containsText("[redacted]");
    assertThat(page.getByLabel("Request").last()).containsText("POST " + shown() + "/status/503");
  }

  @Test
  void showsExactlyWhatWasSentWithoutTheSecret() {
    fire("job_seen", "/status/500", 1);
    Page page = open("#/deliveries");
    link(page, "job_seen").click();
    page.getByText("The whole request, as it would be sent now").click();
    Locator request = page.getByLabel("Request as it would be sent now");
    assertThat(request).containsText("POST " + shown() + "/status/500");
    assertThat(request).containsText("Authorization: [redacted]");
    assertThat(request).containsText("\"job\": \"job_seen\"");
    assertThat(page.locator("body")).not().containsText("s3cret");
  }

  @Test
  void replaysOneThatFailed() {
    fire("job_once", "/status/500", 1);
    Page page = open("#/deliveries?status=failed");
    link(page, "job_once").click();
    String before = page.url();
    button(page, "Replay what failed…").click();
    button(page, "Fire it again").click();
    assertThat(link(page, "the earlier run")).isVisible();
    assertThat(page).not().hasURL(before);
    link(page, "the earlier run").click();
    assertThat(link(page, "as a new run")).isVisible();
    assertThat(TestPostgres.receiver().at(tenant)).hasSize(2);
  }

  @Test
  void replaysAFilteredSetAfterCountingIt() {
    fire("job_1", "/status/500", 1);
    fire("job_2", "/status/500", 1);
    fire("job_3", "/fine", 1);
    Page page = open("#/deliveries");
    page.getByLabel("Connection").fill("target");
    assertThat(page).hasURL(Pattern.compile("connection_id=" + connection));
    button(page, "Replay what failed…").click();
    page.getByText("2 failed runs would be fired again.").waitFor();
    button(page, "Replay 2 runs").click();
    page.getByText("2 runs fired again.").waitFor();
    assertThat(page.locator("dialog[open]")).hasCount(0);
    assertThat(page.locator("tbody tr")).hasCount(5);
  }

  @Test
  void showsADeliveryThatComesInWhileOneLooks() {
    Page page = open("#/deliveries");
    page.getByText("No deliveries yet").waitFor();
    fire("job_live", "/fine", 1);
    link(page, "job_live").waitFor();
  }

  @Test
  void cancelsWhatWaitsForItsNextAttempt() {
    Map<String, Object> retry = Map.of("max_attempts", 5, "backoff_ms", 3_600_000);
    as().header("Prefer", "wait=1").body(run("job_slow", "/status/503", retry)).post(RUNS);
    Page page = open("#/deliveries");
    link(page, "job_slow").click();
    button(page, "Cancel what is not sent").click();
    assertThat(page.getByText("Cancelled").first()).isVisible();
  }

  @Test
  void addsUpTheDay() {
    fire("job_a", "/fine", 1);
    fire("job_b", "/status/500", 2);
    Page page = open("#/overview");
    assertThat(page.locator("dl")).containsText("50%");
    assertThat(link(page, "Target")).isVisible();
    assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("Together 2")))
        .isVisible();
    page.navigate("/admin/integrations#/connections/" + connection);
    assertThat(page.getByRole(AriaRole.IMG).first())
        .hasAttribute("aria-label", "1 delivered, 1 failed in the last 24 hours");
    button(page, "Delete").click();
    assertThat(page.getByText("Workflows used it 2 times in the last 7 days.")).isVisible();
  }

  @Test
  void previewsTheExactRequestAndSendsNothing() {
    Page page = open("#/templates?connection_id=" + connection);
    Locator resolved = page.getByLabel("Resolved request");
    assertThat(resolved).containsText("POST " + shown() + "/");
    assertThat(resolved).not().containsText("s3cret");
    page.getByLabel("Payload template")
        .fill("{\"connection_id\": \"" + connection + "\", \"path\": \"/{{job.missing}}\"}");
    assertThat(page.locator("mark")).hasText("{{job.missing}}");
    assertThat(TestPostgres.receiver().at(tenant)).isEmpty();
  }

  /** Answers come later than a preview. */
  @Test
  void saysWhichValuesAnEarlierAnswerFillsIn() {
    Page page = open("#/templates?connection_id=" + connection);
    Locator resolved = page.getByLabel("Resolved request");
    assertThat(resolved).containsText("POST " + shown() + "/");
    page.getByLabel("Payload template")
        .fill(
            "{\"path\": \"/sms\", \"body\": {\"to\": \"{{actions.1.response.body.id}}\", \"job\": \"{{job.id}}\"}}");
    String later = "In brackets, what the answer to an earlier action fills in:";
    assertThat(page.getByText(later)).containsText("actions.1.response.body.id");
    assertThat(resolved).containsText("\"to\": \"[actions.1.response.body.id]\"");
    assertThat(resolved).containsText("\"job\": \"job_1\"");
    page.getByLabel("Payload template")
        .fill("{\"path\": \"/{{actions.0.response.headers.Date}}\"}");
    assertThat(page.locator("mark")).hasText("{{actions.0.response.headers.Date}}");
    assertThat(page.getByText(later)).hasCount(0);
    assertThat(TestPostgres.receiver().at(tenant)).isEmpty();
  }

  private Page open(String fragment) {
    return browser.openReal(fragment, PageFixture.token(tenant, "admin"));
  }

  private RequestSpecification as() {
    return given()
        .header("Authorization", "Bearer " + PageFixture.token(tenant, "admin"))
        .contentType("application/json");
  }

  @BeforeEach
  void connect() {
    Map<String, Object> credentials =
        Map.of("base_url", receiver(), "auth_header", "Bearer s3cret-and-long-enough");
    connection =
        as().body(
                Map.of(
                    "provider",
                    "generic_rest",
                    "connection_name",
                    "Target",
                    "credentials",
                    credentials))
            .post("/api/v1/tenant/connections")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
  }

  private void fire(String job, String path, int attempts) {
    Map<String, Object> retry = Map.of("max_attempts", attempts, "backoff_ms", 1);
    as().header("Prefer", "wait=20").body(run(job, path, retry)).post(RUNS).then().statusCode(200);
  }

  private Map<String, Object> run(String job, String path, Map<String, Object> retry) {
    Map<String, Object> template =
        Map.of("connection_id", connection, "path", path, "body", Map.of("job", "{{job.id}}"));
    Map<String, Object> action =
        Map.of("action_type", "WEBHOOK", "payload_template", template, "retry", retry);
    return Map.of(
        "job",
        Map.of("id", job),
        "transition",
        Map.of("event_type", "start"),
        "actions",
        List.of(action));
  }

  /** The receiver's address as it is shown: its path is part of the credential. */
  private static String shown() {
    return TestPostgres.receiver().url() + "/…";
  }

  private String receiver() {
    return TestPostgres.receiver().url() + "/" + tenant;
  }
}
