package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Decodes a chunked body (RFC 9112, section 7.1). Skips extensions and trailers. */
final class Chunks {
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_SIZE_LINE_BYTES = 16 * 1024;

  private enum Part {
    SIZE,
    DATA,
    END_OF_DATA,
    TRAILER,
    OVER
  }

  private Part part = Part.SIZE;
  private long left;
  private boolean irregular;
  private Lines lines = new Lines(MAX_SIZE_LINE_BYTES);

  /**
   * The next bytes of the body, or null if more bytes have to arrive first.
   *
   * @return a slice that the caller has to release
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

  /** Whether the body is complete. */
  boolean isComplete() {
    return part == Part.OVER;
  }

  /** Whether a deviation was tolerated. */
  boolean irregular() {
    return irregular;
  }

  private void take(String line) throws Unreadable {
    irregular |= lines.hasIrregularEnds();
    if (part == Part.SIZE) {
      left = size(line);
      part = left == 0 ? Part.TRAILER : Part.DATA;
      lines = new Lines(left == 0 ? AnswerHead.MAX_BYTES : MAX_SIZE_LINE_BYTES);
    } else if (part == Part.TRAILER) {
      part = line.isEmpty() ? Part.OVER : Part.TRAILER;
    } else if (line.isEmpty()) {
      part = Part.SIZE;
      lines = new Lines(MAX_SIZE_LINE_BYTES);
    } else {
      throw new Unreadable("a chunk is longer than it says");
    }
  }

  private static long size(String line) throws Unreadable {
    int semicolon = line.indexOf(';');
    String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    boolean hexadecimal = digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    if (digits.isEmpty() || digits.length() > MAX_SIZE_DIGITS || !hexadecimal) {
      throw new Unreadable("no size of a chunk");
    }
    return Long.parseLong(digits, 16);
  }
}
