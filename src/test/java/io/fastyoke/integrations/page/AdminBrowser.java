package io.fastyoke.integrations.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens the admin page in a fresh browser profile for each test, and fails the test when the page
 * breaks its Content-Security-Policy, throws, calls another host, or is refused an answer that the
 * test does not expect. A failing test leaves a screenshot.
 */
final class AdminBrowser implements BeforeEachCallback, AfterEachCallback {
  static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static final String ADDRESS = "/admin/integrations";
  private final List<String> complaints = new ArrayList<>();
  private final List<BrowserContext> contexts = new ArrayList<>();
  private Browser browser;
  private URI base;
  private Page last;
  private boolean refusalsExpected;

  @Override
  public void beforeEach(ExtensionContext context) {
    base = PageFixture.baseUrl();
    refusalsExpected = false;
    browser = Chromium.shared(context);
  }

  /** The page with a fake API behind it, signed in with a token of the given role. */
  Page open(FakeApi api, String fragment) {
    return open(api, fragment, Look.USUAL, Tokens.of("admin"));
  }

  /** As above, looked at in a certain way. */
  Page open(FakeApi api, String fragment, Look look, String token) {
    BrowserContext context = context(look);
    api.install(context);
    return start(context, fragment, token);
  }

  /** The page with the service's own API behind it. */
  Page openReal(String fragment, String token) {
    return start(context(Look.USUAL), fragment, token);
  }

  /** A first visit: nothing is known of a token. */
  Page openSignedOut(FakeApi api) {
    return open(api, "", Look.USUAL, "");
  }

  /**
   * Chromium reports each call that is refused as an error; here that is what the test is about.
   */
  AdminBrowser expectingRefusals() {
    refusalsExpected = true;
    return this;
  }

  private BrowserContext context(Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(base.toString())
                .setColorScheme(look.scheme())
                .setReducedMotion(ReducedMotion.REDUCE)
                .setPermissions(List.of("clipboard-read", "clipboard-write"))
                .setViewportSize(look.width(), 900));
    context.setDefaultTimeout(10_000);
    context.onRequest(request -> judge(request.url()));
    contexts.add(context);
    return context;
  }

  private Page start(BrowserContext context, String fragment, String token) {
    if (!token.isEmpty()) {
      context.addInitScript(
          "if (!localStorage['fastyoke.token']) localStorage['fastyoke.token'] = '" + token + "'");
    }
    Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          boolean isRefusal = message.text().contains("Failed to load resource");
          if (message.type().equals("error") && !(isRefusal && refusalsExpected)) {
            complaints.add(message.text() + " " + message.location());
          }
        });
    page.navigate(ADDRESS + fragment);
    last = page;
    return page;
  }

  private void judge(String url) {
    URI called = URI.create(url.split("[?#]", 2)[0].startsWith("data:") ? "data:x" : url);
    if (!"data".equals(called.getScheme()) && !base.getAuthority().equals(called.getAuthority())) {
      complaints.add("called another host: " + called.getAuthority());
    }
    if (url.contains("eyJ")) {
      complaints.add("a token in an address");
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent() && last != null && !last.isClosed()) {
      String name = "failed-" + context.getRequiredTestMethod().getName() + ".png";
      last.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name)));
    }
    List<String> complained = List.copyOf(complaints);
    // What the page still asks for is no longer answered by the test, but by the service, with 401.
    contexts.forEach(BrowserContext::unrouteAll);
    contexts.forEach(BrowserContext::close);
    assertThat(complained).as("what the browser complained about").isEmpty();
  }
}
