package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.heading;
import static io.fastyoke.integrations.page.Find.link;
import static io.fastyoke.integrations.page.Find.text;
import static io.fastyoke.integrations.page.Keyboard.press;
import static io.fastyoke.integrations.page.Keyboard.tabBackTo;
import static io.fastyoke.integrations.page.Keyboard.tabTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class DeliveriesPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  @Test
  void filtersByWhatTheAddressSaysAndKeepsTheAddressInStep() {
    Page page = browser.open(api, "#/deliveries?status=failed&job_id=job_1");
    link(page, "job_1").waitFor();
    FakeApi.Call call = api.call("GET /action-runs");
    assertThat(call.query()).containsEntry("status", "failed").containsEntry("job_id", "job_1");
    page.getByLabel("Time").selectOption("24h");
    assertThat(page).hasURL(Pattern.compile("time=24h"));
    api.waitForCall(page, "GET /action-runs", made -> made.query().containsKey("since"));
  }

  @Test
  void showsWhatComesInWithoutAReload() {
    List<Map<String, Object>> rows = new ArrayList<>(FakeData.runs());
    api.on("GET /action-runs", call -> FakeApi.page(rows, call));
    Page page = browser.open(api, "#/deliveries");
    link(page, "job_1").waitFor();
    rows.add(0, FakeData.run(FakeData.id(9_999), "job_new", "succeeded", 0));
    link(page, "job_new").waitFor();
  }

  @Test
  void holdsOneScreenfulAndTurnsPages() {
    Page page = browser.open(api, "#/deliveries");
    assertThat(page.locator("tbody tr")).hasCount(25);
    button(page, "Next").click();
    assertThat(page.locator("tbody tr")).hasCount(17);
  }

  @Test
  void tellsWhatWentWrongAndWhatToDo() {
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    assertThat(page.getByText("Twilio says that “To” is not a valid phone number.")).isVisible();
    assertThat(page.getByText("(error 21211: “The 'To' number +1555 is not valid.”)")).isVisible();
    assertThat(page.getByText("What to do: Correct the number in the job")).isVisible();
    assertThat(text(page, "Attempt 1")).isVisible();
    assertThat(page.getByLabel("Response body").last())
        .hasText(
            "{\n  \"code\": 21211,\n  \"message\": \"The 'To' number +1555 is not valid.\",\n  \"status\": 400\n}");
  }

  @Test
  void copiesTheRequestWithoutSecretsAndSaysWhatItIs() {
    Map<String, Object> request =
        Map.of(
            "index",
            0,
            "method",
            "POST",
            "url",
            "https://api.twilio.com/it's/Messages",
            "headers",
            Map.of(
                "Authorization",
                "[redacted]",
                "X-FastYoke-Signature",
                "sha256=[redacted]",
                "User-Agent",
                "FastYoke-Webhooks/1.0"),
            "body",
            "To=%2B1555");
    api.on("GET /action-runs/.*/requests", call -> Reply.ok(Map.of("actions", List.of(request))));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    page.getByText("The whole request, as it would be sent now").click();
    assertThat(page.getByLabel("Request as it would be sent now"))
        .containsText("X-FastYoke-Signature: sha256=[redacted]");
    button(page, "Copy as curl").click();
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()").toString())
        .startsWith("# As it would be sent now.")
        .contains("\ncurl --request POST 'https://api.twilio.com/it'\\''s/Messages'")
        .contains("--header \"Authorization: $AUTHORIZATION\"")
        .contains("--header \"X-FastYoke-Signature: sha256=$X_FASTYOKE_SIGNATURE\"")
        .contains("--header 'User-Agent: FastYoke-Webhooks/1.0'")
        .endsWith("--data-raw 'To=%2B1555'");
  }

  @Test
  void showsEveryDigitOfTheRequestAndOfTheAnswer() {
    String body = "{\"n\":12345678901234567890,\"price\":1.10}";
    Map<String, Object> event = FakeData.event(FakeData.FAILED_RUN, 2);
    event.put("response_body", body);
    api.on("GET /event-log", call -> Reply.ok(List.of(event)));
    String requests =
        "{\"actions\":[{\"index\":0,\"method\":\"POST\",\"url\":\"https://h.test/\",\"headers\":{},\"body\":"
            + body
            + ",\"missing\":[]}]}";
    api.on("GET /action-runs/.*/requests", call -> Reply.ok(new FakeApi.Raw(requests)));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    String shown = "{\n  \"n\": 12345678901234567890,\n  \"price\": 1.10\n}";
    assertThat(page.getByLabel("Response body")).hasText(shown);
    page.getByText("The whole request, as it would be sent now").click();
    assertThat(page.getByLabel("Request as it would be sent now"))
        .hasText("POST https://h.test/\n\n" + shown);
    button(page, "Copy as curl").click();
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()").toString())
        .endsWith("--data-raw '" + body + "'");
  }

  @Test
  void saysWhichAttemptWasMadeWhen() {
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    Locator attempt = page.locator("fy-attempt").last();
    assertThat(attempt.getByLabel("Request")).containsText("POST " + FakeData.URL);
    assertThat(attempt.getByText("Attempt 2, recorded")).isVisible();
  }

  @Test
  void replaysOneAfterSayingWhatItCostsAndOpensTheNewRun() {
    api.on(
        "POST /action-runs/.*/replay",
        call ->
            new Reply(202, FakeData.run(FakeData.RUNNING_RUN, "job_1", "pending", 0), Map.of()));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    button(page, "Replay what failed…").click();
    assertThat(page.getByText("1 webhook is billed anew")).isVisible();
    assertThat(page.getByText("It may be done twice.")).hasCount(0);
    assertThat(api.calls("POST .*")).isEmpty();
    button(page, "Fire it again").click();
    assertThat(page).hasURL(Pattern.compile(FakeData.RUNNING_RUN));
    assertThat(button(page, "Cancel what is not sent")).isVisible();
    assertThat(api.call("POST /action-runs/.*/replay").idempotencyKey()).isNotEmpty();
  }

  @Test
  void warnsBeforeWhatMayBeDoneTwiceAndBeforeAReplayOfAReplayedRun() {
    Map<String, Object> run = FakeData.run(FakeData.FAILED_RUN, "job_1", "failed", 1);
    FakeData.action(run)
        .put("error", Map.of("code", "outcome_unknown", "message", "Nobody knows."));
    Map<String, Object> replay = FakeData.run(FakeData.id(7_777), "job_1", "failed", 0);
    replay.put("replay_of", FakeData.FAILED_RUN);
    api.on("GET /action-runs/[^/]+", call -> Reply.ok(run));
    api.on("GET /action-runs", call -> Reply.ok(List.of(replay)));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    assertThat(link(page, "as a new run"))
        .hasAttribute("href", "#/deliveries/" + FakeData.id(7_777));
    button(page, "Replay what failed…").click();
    assertThat(page.getByText("It may be done twice.")).isVisible();
    assertThat(page.getByText("This run was replayed before.")).isVisible();
  }

  @Test
  void saysWhenItRetriesByItself() {
    Map<String, Object> run = FakeData.run(FakeData.RUNNING_RUN, "job_1", "running", 1);
    Map<String, Object> action = FakeData.action(run);
    action.put("error", Map.of("code", "http_status", "message", "It said 503."));
    action.put("response_status", 503);
    action.put("next_attempt_at", Instant.now().plusSeconds(3_000).toString());
    api.on("GET /action-runs/[^/]+", call -> Reply.ok(run));
    Page page = browser.open(api, "#/deliveries/" + FakeData.RUNNING_RUN);
    assertThat(page.getByText("It is tried again by itself in")).isVisible();
    assertThat(page.getByText("What to do:")).hasCount(0);
  }

  @Test
  void saysWhatItWaitsForAndWhatTheProviderCallsIt() {
    Map<String, Object> run = FakeData.run(FakeData.RUNNING_RUN, "job_1", "pending", 1);
    run.put("waiting_for", "connection_paused");
    FakeData.action(run).put("provider_message_id", "SM0123");
    api.on("GET /action-runs/[^/]+", call -> Reply.ok(run));
    api.on("GET /action-runs", call -> Reply.ok(List.of(run)));
    Page page = browser.open(api, "#/deliveries/" + FakeData.RUNNING_RUN);
    assertThat(page.getByText("its connection to be resumed")).isVisible();
    assertThat(page.getByText("SID at Twilio")).isVisible();
    assertThat(text(page, "SM0123")).isVisible();
    page.navigate(page.url().replaceAll("#.*", "#/deliveries"));
    assertThat(page.getByText("Waits for its connection to be resumed")).isVisible();
  }

  @Test
  void replaysWithTheKeyboardAlone() {
    Map<String, Object> replay = FakeData.run(FakeData.RUNNING_RUN, "job_1", "pending", 0);
    api.on("POST /action-runs/.*/replay", call -> new Reply(202, replay, Map.of()));
    api.on("POST /action-runs/.*/cancel", call -> Reply.ok(replay));
    Page page = browser.open(api, "#/deliveries?status=failed");
    press(page, link(page, "job_1"));
    press(page, button(page, "Replay what failed…"));
    press(page, button(page, "Cancel"));
    assertThat(button(page, "Replay what failed…")).isFocused();
    page.keyboard().press("Enter");
    press(page, button(page, "Fire it again"));
    assertThat(page).hasURL(Pattern.compile(FakeData.RUNNING_RUN));
    press(page, button(page, "Cancel what is not sent"));
    page.getByText("what was not sent yet stays unsent").waitFor();
  }

  @Test
  void filtersWithTheKeyboardAlone() {
    Page page = browser.open(api, "#/deliveries");
    tabTo(page, page.getByLabel("Connection"));
    page.keyboard().type("Twilio production");
    assertThat(page).hasURL(Pattern.compile("connection_id=" + FakeData.TWILIO));
    tabTo(page, page.getByLabel("Job"));
    page.keyboard().type("job_1");
    tabTo(page, page.getByLabel("Status"));
    page.keyboard().type("Fa");
    tabTo(page, page.getByLabel("Time"));
    page.keyboard().press("ArrowDown");
    assertThat(page).hasURL(Pattern.compile("job_id=job_1&status=failed&time=1h$"));
    Map<String, String> chosen =
        Map.of("connection_id", FakeData.TWILIO, "job_id", "job_1", "status", "failed");
    api.waitForCall(
        page,
        "GET /action-runs",
        call ->
            call.query().entrySet().containsAll(chosen.entrySet())
                && call.query().containsKey("since"));
  }

  @Test
  void turnsPagesWithTheKeyboardAlone() {
    Page page = browser.open(api, "#/deliveries");
    press(page, button(page, "Next"));
    page.getByText("26–42 of").waitFor();
    tabBackTo(page, button(page, "Previous"));
    page.keyboard().press("Enter");
    page.getByText("1–25 of").waitFor();
    assertThat(button(page, "Previous")).isFocused();
  }

  @Test
  void leavesTheFocusAtTheFiltersWhenTheyAreCleared() {
    api.on("GET /action-runs", call -> Reply.ok(List.of()));
    Page page = browser.open(api, "#/deliveries?status=failed");
    press(page, button(page, "Clear the filters"));
    assertThat(page.getByLabel("Connection")).isFocused();
    assertThat(page.getByLabel("Status")).hasValue("");
  }

  @Test
  void copiesALinkToTheDelivery() {
    Page page = browser.open(api, "#/deliveries?status=failed");
    link(page, "job_1").click();
    button(page, "Copy link").click();
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(page.url());
    assertThat(page.url()).endsWith("#/deliveries/" + FakeData.FAILED_RUN);
  }

  @Test
  void sendsATemplateErrorToTheHelperWithItsJob() {
    Map<String, Object> run = FakeData.run(FakeData.FAILED_RUN, "job_9", "failed", 1);
    FakeData.action(run)
        .put("error", Map.of("code", "template_error", "message", "job.nope has no value."));
    api.on("GET /action-runs/[^/]+", call -> Reply.ok(run));
    api.on("POST /action-runs/preview", call -> Reply.ok(Map.of("actions", List.of())));
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    assertThat(page.getByText("job.nope has no value.").first()).isVisible();
    link(page, "Try it in the template helper").click();
    assertThat(field(page, "Job")).hasValue("{\n  \"id\": \"job_9\"\n}");
  }

  @Test
  void cancelsWhatIsUnderWay() {
    api.on("POST /action-runs/.*/cancel", call -> Reply.ok(FakeData.runs().get(1)));
    Page page = browser.open(api, "#/deliveries/" + FakeData.RUNNING_RUN);
    button(page, "Cancel what is not sent").click();
    page.getByText("what was not sent yet stays unsent").waitFor();
    assertThat(api.calls("POST /action-runs/" + FakeData.RUNNING_RUN + "/cancel")).hasSize(1);
  }

  @Test
  void countsBeforeItReplaysAFilteredSetAndIsGoneAfterwards() {
    api.on("POST /action-runs/replay", call -> Reply.ok(Map.of("count", 7, "more", false)));
    Page page = browser.open(api, "#/deliveries?connection_id=" + FakeData.TWILIO);
    button(page, "Replay what failed…").click();
    page.getByText("7 failed runs would be fired again.").waitFor();
    assertThat(api.call("POST /action-runs/replay").body().get("dry_run").asBoolean()).isTrue();
    button(page, "Replay 7 runs").click();
    page.getByText("7 runs fired again.").waitFor();
    assertThat(page.locator("dialog[open]")).hasCount(0);
    assertThat(api.calls("POST /action-runs/replay")).hasSize(2);
    var fired = api.calls("POST /action-runs/replay").get(1);
    assertThat(fired.idempotencyKey()).isNotEmpty();
    assertThat(fired.body().get("dry_run").asBoolean()).isFalse();
    assertThat(fired.body().get("status").asText()).isEqualTo("failed");
    assertThat(fired.body().get("connection_id").asText()).isEqualTo(FakeData.TWILIO);
    assertThat(fired.body().hasNonNull("until")).isTrue();
  }

  @Test
  void saysThatThereAreMoreAndGoesOnWithThem() {
    int[] left = {1_500};
    api.on(
        "POST /action-runs/replay",
        call -> {
          int some = Math.min(1_000, left[0]);
          if (call.body().get("dry_run").asBoolean()) {
            return Reply.ok(Map.of("count", some, "more", left[0] > some));
          }
          left[0] -= some;
          return Reply.ok(Map.of("count", some, "more", left[0] > 0));
        });
    Page page = browser.open(api, "#/deliveries");
    button(page, "Replay what failed…").click();
    page.getByText("1,000 failed runs of more would be fired again.").waitFor();
    button(page, "Replay 1,000 runs").click();
    page.getByText("1,000 runs fired again, and there are more.").waitFor();
    button(page, "Replay 500 runs").click();
    page.getByText("1,500 runs fired again.").waitFor();
    assertThat(page.locator("dialog[open]")).hasCount(0);
  }

  @Test
  void triesABulkReplayAgainUnderTheSameKey() {
    boolean[] away = {true};
    api.on(
        "POST /action-runs/replay",
        call ->
            call.body().get("dry_run").asBoolean() || !away[0]
                ? Reply.ok(Map.of("count", 2, "more", false))
                : Reply.error(503, "unavailable", "Try again later."));
    Page page = browser.expectingRefusals().open(api, "#/deliveries");
    button(page, "Replay what failed…").click();
    button(page, "Replay 2 runs").click();
    page.getByText("Try again later.").waitFor();
    away[0] = false;
    button(page, "Replay 2 runs").click();
    page.getByText("2 runs fired again.").waitFor();
    var calls = api.calls("POST /action-runs/replay");
    assertThat(calls.get(2).idempotencyKey()).isEqualTo(calls.get(1).idempotencyKey());
  }

  @Test
  void offersABulkReplayOnlyOfWhatCanBeReplayed() {
    Page page = browser.open(api, "#/deliveries?status=succeeded");
    heading(page, "Deliveries").waitFor();
    assertThat(button(page, "Replay what failed…")).hasCount(0);
    page.getByLabel("Status").selectOption("failed");
    assertThat(button(page, "Replay what failed…")).isVisible();
  }

  @Test
  void saysSinceWhenItIsNotUpToDate() {
    Page page = browser.expectingRefusals().open(api, "#/deliveries");
    text(page, "Live").waitFor();
    page.context().setOffline(true);
    assertThat(page.getByText("Not up to date since")).isVisible();
    assertThat(page.getByText("You are offline.").first()).isVisible();
    page.context().setOffline(false);
    assertThat(text(page, "Live")).isVisible();
    api.away(true);
    page.getByText("Not up to date since").waitFor();
    assertThat(link(page, "job_1")).isVisible();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#/%E0%A4%A",
        "#/deliveries/%E0%A4%A",
        "#/deliveries?time=custom&from=yesterday&to=12026-01-01T00:00",
        "#/nowhere"
      })
  void isNeverBlank(String fragment) {
    Page page = browser.expectingRefusals().open(api, fragment);
    assertThat(page.locator("main")).containsText(Pattern.compile("There is no such|not a date"));
  }

  @Test
  void saysBesideTheFieldThatARangeIsReversedAndAsksNothing() {
    Page page =
        browser.open(api, "#/deliveries?time=custom&from=2026-02-02T00:00&to=2026-02-01T00:00");
    assertThat(field(page, "To")).hasAccessibleDescription("This is before the beginning.");
    assertThat(api.calls("GET /action-runs")).isEmpty();
    assertThat(button(page, "Replay what failed…")).hasCount(0);
  }

  @Test
  void asksForManyConnectionsAtOnceAndForDeletedOnesWithoutAnError() {
    List<Map<String, Object>> rows =
        IntStream.range(0, 25)
            .mapToObj(
                i -> {
                  Map<String, Object> run =
                      FakeData.run(FakeData.id(500 + i), "job_" + i, "succeeded", i);
                  FakeData.action(run).put("connection_id", FakeData.id(i));
                  return run;
                })
            .toList();
    api.on("GET /action-runs", call -> Reply.ok(rows));
    Page page = browser.open(api, "#/deliveries");
    assertThat(page.getByText("Twilio production").first()).isVisible();
    assertThat(page.getByText("Deleted connection")).hasCount(21);
    assertThat(api.calls("GET /connections"))
        .filteredOn(c -> c.query().containsKey("ids"))
        .hasSize(1);
    assertThat(api.calls("GET /connections/[^/]+")).isEmpty();
  }

  @Test
  void letsAnOperatorReplayAndAReaderNot() {
    Page operator =
        browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN, Look.USUAL, Tokens.of("operator"));
    assertThat(button(operator, "Replay what failed…")).isVisible();
    Page reader =
        browser.open(
            api,
            "#/deliveries/" + FakeData.FAILED_RUN,
            Look.USUAL,
            Tokens.machine("workflow:read"));
    reader.getByText("Attempt 2").first().waitFor();
    assertThat(button(reader, "Replay what failed…")).hasCount(0);
  }

  @Test
  void namesTheDeliveryInTheTitle() {
    Page page = browser.open(api, "#/deliveries/" + FakeData.FAILED_RUN);
    page.getByText("Attempt 2").first().waitFor();
    assertThat(page).hasTitle("job_1 · Deliveries · Integrations · FastYoke");
  }

  @Test
  void saysThatARunIsNotThere() {
    Page page = browser.expectingRefusals().open(api, "#/deliveries/" + FakeData.id(1));
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("There is no such run.");
  }
}
