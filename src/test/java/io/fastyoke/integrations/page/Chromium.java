package io.fastyoke.integrations.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** The machine's own Chromium, started once for all tests. */
final class Chromium implements AutoCloseable {
  private static final List<String> USUAL_NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Headless, as root in a container too, and without calls home. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Path executable) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setHeadless(true)
                    .setArgs(ARGUMENTS));
  }

  /** The shared browser; skips the test, saying how to install one, where there is none. */
  static Browser shared(ExtensionContext context) {
    Optional<Path> executable = find();
    Assumptions.assumeTrue(
        executable.isPresent(),
        "No Chromium for the browser tests: apt-get install -y chromium, or set CHROMIUM_PATH");
    return context
        .getRoot()
        .getStore(Namespace.create(Chromium.class))
        .getOrComputeIfAbsent(
            Chromium.class, key -> new Chromium(executable.orElseThrow()), Chromium.class)
        .browser;
  }

  private static Optional<Path> find() {
    return Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM_PATH")), onPath())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Stream<String> onPath() {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/bin";
    return USUAL_NAMES.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> dir + "/" + name));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
