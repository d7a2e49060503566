package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.fastyoke.integrations.page.Find.button;
import static io.fastyoke.integrations.page.Find.field;
import static io.fastyoke.integrations.page.Find.link;
import static io.fastyoke.integrations.page.Find.text;
import static io.fastyoke.integrations.page.Keyboard.press;
import static io.fastyoke.integrations.page.Keyboard.tabTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.page.FakeApi.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class NoticesPageTest {
  @RegisterExtension final AdminBrowser browser = new AdminBrowser();
  private final FakeApi api = new FakeApi();

  private String sent(int call) {
    return api.calls("PUT /notices").get(call).text();
  }

  @Test
  void whatIsToldIsChosenWithTheKeyboardAlone() {
    api.on("GET /notices", call -> Reply.ok(Map.of()));
    Page page = browser.open(api, "#/notices");
    text(page, "Nothing is told so far.").waitFor();
    tabTo(page, field(page, "Connection"));
    page.keyboard().type("ERP hooks");
    tabTo(page, field(page, "Path"));
    page.keyboard().type("/alerts");
    tabTo(page, field(page, "A connection is paused"));
    page.keyboard().press("Space");
    press(page, button(page, "Save"));
    assertThat(page.getByText("You are told.")).isVisible();
    assertThat(sent(0))
        .isEqualTo(
            "{\"connection_id\":\"%s\",\"path\":\"/alerts\",\"events\":[\"connection.paused\"]}"
                .formatted(FakeData.id(2)));
  }

  @Test
  void whatTheServiceRefusesIsSaidAtItsField() {
    api.on("PUT /notices", call -> Reply.invalid("path", "must not hold #"));
    Page page = browser.expectingRefusals().open(api, "#/notices");
    field(page, "Path").fill("/a#b");
    button(page, "Save").click();
    assertThat(page.getByText("must not hold #")).isVisible();
    assertThat(field(page, "Path")).isFocused();
  }

  @Test
  void itSaysThatTheConnectionIsGoneAndStopsOnRequest() {
    Map<String, Object> stopped = new HashMap<>(FakeData.notices());
    stopped.put("stopped", "connection_deleted");
    api.on("GET /notices", call -> Reply.ok(stopped));
    Page page = browser.open(api, "#/notices");
    assertThat(page.getByText("was deleted. Choose another one.")).isVisible();
    button(page, "Tell nothing any more").click();
    assertThat(text(page, "Nothing is told so far.")).isVisible();
    assertThat(sent(0)).isEqualTo("{}");
  }

  @Test
  void itIsForAdministrators() {
    Page page = browser.open(api, "#/notices", Look.USUAL, Tokens.of("operator"));
    assertThat(page.getByText("Only administrators see this")).isVisible();
    assertThat(link(page, "Notices")).hasCount(0);
    assertThat(api.calls("GET /notices")).isEmpty();
  }
}
