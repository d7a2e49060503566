package io.fastyoke.integrations.eventloops;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails a test in which an event loop was blocked, and the whole run for what no test of Jupiter's
 * was there to fail for: another engine's tests, or what goes on between them. Registered for all
 * tests in {@code META-INF/services}.
 */
public final class NoBlockedThreads implements AfterEachCallback, LauncherSessionListener {
  /** The tag of a test that blocks an event loop itself, and fails when nobody notices. */
  static final String ON_PURPOSE = "blocks-an-event-loop";

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    BlockedThreads.listen();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    List<BlockedReport> reports = BlockedThreads.listen().take();
    if (!test.getTags().contains(ON_PURPOSE)) {
      refuse(reports);
    } else if (reports.isEmpty()) {
      throw new AssertionError("an event loop was blocked, and nobody noticed");
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    refuse(BlockedThreads.listen().take());
  }

  static void refuse(List<BlockedReport> reports) {
    if (!reports.isEmpty()) {
      throw new AssertionError(
          reports.stream()
              .map(BlockedReport::text)
              .collect(Collectors.joining("\n", "an event loop was blocked:\n", "")));
    }
  }
}
