package io.fastyoke.integrations.eventloops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to the blocked-thread checkers of all instances of Vert.x in this process. */
final class BlockedThreads extends Handler {
  private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

  /** Held on to, since a logger that nobody holds is forgotten together with its handlers. */
  private static final Logger LOGGER = Logger.getLogger(CHECKER);

  private static final BlockedThreads LISTENER = new BlockedThreads();

  /** Guarded by this. */
  private final List<BlockedReport> reports = new ArrayList<>();

  private BlockedThreads() {}

  /** From here on every report is kept until somebody asks for it. */
  static synchronized BlockedThreads listen() {
    if (!List.of(LOGGER.getHandlers()).contains(LISTENER)) {
      LOGGER.addHandler(LISTENER);
    }
    return LISTENER;
  }

  /** The certain reports since this was last asked. */
  synchronized List<BlockedReport> take() {
    List<BlockedReport> taken = reports.stream().filter(BlockedReport::isCertain).toList();
    reports.clear();
    return taken;
  }

  /** Waits until there is a report, and leaves it there. */
  synchronized BlockedReport await(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (reports.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no blocked thread was reported within " + patience);
      }
      wait(left);
    }
    return reports.get(0);
  }

  private synchronized void add(BlockedReport report) {
    reports.add(report);
    notifyAll();
  }

  @Override
  public void publish(LogRecord said) {
    String message = String.valueOf(said.getMessage());
    if (BlockedReport.isOne(message)) {
      Throwable stack = said.getThrown();
      add(BlockedReport.of(message, frames(stack == null ? now(message) : stack.getStackTrace())));
    }
  }

  /** A report comes without a stack at first; the thread is still where it was. */
  private static StackTraceElement[] now(String message) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> message.contains("[" + thread.getKey().getName() + ","))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(new StackTraceElement[0]);
  }

  private static List<String> frames(StackTraceElement[] stack) {
    return Arrays.stream(stack).map(frame -> "\tat " + frame).toList();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
