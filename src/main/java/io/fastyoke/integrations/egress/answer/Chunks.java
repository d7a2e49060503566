package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes a chunked body apart (RFC 9112, section 7.1). Extensions and trailers are passed over. */
final class Chunks {
  private static final int MOST_SIZE_DIGITS = 15;
  private static final int LONGEST_SIZE_LINE = 16 * 1024;

  private enum Part {
    SIZE,
    DATA,
    END_OF_DATA,
    TRAILER,
    OVER
  }

  private Part part = Part.SIZE;
  private long left;
  private boolean odd;
  private Lines lines = new Lines(LONGEST_SIZE_LINE);

  /**
   * The next bytes of the body, or null when there are no more in what has arrived.
   *
   * @return a slice that whoever gets it has to release
   * @throws Unreadable if this is no chunked body
   */
  @Nullable ByteBuf next(ByteBuf in) throws Unreadable {
    while (in.isReadable() && part != Part.OVER) {
      if (part == Part.DATA) {
        int length = (int) Math.min(left, in.readableBytes());
        left -= length;
        part = left == 0 ? Part.END_OF_DATA : Part.DATA;
        return in.readRetainedSlice(length);
      }
      String line = lines.next(in);
      if (line == null) {
        return null;
      }
      take(line);
    }
    return null;
  }

  /** Whether the last of it has been taken. */
  boolean over() {
    return part == Part.OVER;
  }

  /** Whether something was put up with. */
  boolean irregular() {
    return odd;
  }

  private void take(String line) throws Unreadable {
    odd |= lines.oddEnds();
    if (part == Part.SIZE) {
      left = size(line);
      part = left == 0 ? Part.TRAILER : Part.DATA;
      lines = new Lines(left == 0 ? AnswerHead.MOST_BYTES : LONGEST_SIZE_LINE);
    } else if (part == Part.TRAILER) {
      part = line.isEmpty() ? Part.OVER : Part.TRAILER;
    } else if (line.isEmpty()) {
      part = Part.SIZE;
      lines = new Lines(LONGEST_SIZE_LINE);
    } else {
      throw new Unreadable("a chunk is longer than it says");
    }
  }

  private static long size(String line) throws Unreadable {
    int semicolon = line.indexOf(';');
    String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    boolean hexadecimal = digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    if (digits.isEmpty() || digits.length() > MOST_SIZE_DIGITS || !hexadecimal) {
      throw new Unreadable("no size of a chunk");
    }
    return Long.parseLong(digits, 16);
  }
}
