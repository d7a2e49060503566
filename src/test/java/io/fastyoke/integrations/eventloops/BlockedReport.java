package io.fastyoke.integrations.eventloops;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Vert.x's blocked-thread checker said of one thread.
 *
 * @param ms for how long it has been blocked
 * @param text the message and, in the lines below, the stack
 */
public record BlockedReport(long ms, String text) {
  private static final Pattern SAID = Pattern.compile("has been blocked for (\\d+) ms");
  private static final String FRAME = "\tat ";
  private static final Pattern WAITING =
      Pattern.compile("Unsafe\\.park\\(|Object\\.wait0?\\(|Thread\\.sleep[0n]?[^.(]*\\(");

  /**
   * Who waits is blocked, however busy the machine. Who computes may only be short of a processor
   * when other builds share it; nobody is for as long as this.
   */
  private static final long TOO_LONG_FOR_COMPUTING_MS = 5_000;

  static BlockedReport of(String message, List<String> frames) {
    Matcher said = SAID.matcher(message);
    if (!said.find()) {
      throw new IllegalArgumentException("not a report: " + message);
    }
    StringBuilder text = new StringBuilder(message);
    frames.forEach(frame -> text.append('\n').append(frame));
    return new BlockedReport(Long.parseLong(said.group(1)), text.toString());
  }

  static boolean isOne(String message) {
    return SAID.matcher(message).find();
  }

  /** The reports in a log, whose stacks follow the line of the message. */
  public static List<BlockedReport> in(List<String> log) {
    List<BlockedReport> reports = new ArrayList<>();
    for (int line = 0; line < log.size(); line++) {
      if (isOne(log.get(line))) {
        List<String> frames =
            log.stream().skip(line + 1L).takeWhile(next -> next.startsWith(FRAME)).toList();
        reports.add(of(log.get(line), frames));
      }
    }
    return reports;
  }

  /** Whether the thread was blocked for certain, and not only short of a processor. */
  public boolean isCertain() {
    return ms >= TOO_LONG_FOR_COMPUTING_MS
        || text.lines()
            .filter(line -> line.startsWith(FRAME))
            .findFirst()
            .filter(top -> WAITING.matcher(top).find())
            .isPresent();
  }
}
