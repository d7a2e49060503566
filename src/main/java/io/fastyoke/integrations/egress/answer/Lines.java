package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Splits the bytes of a connection into lines, across packets. */
final class Lines {
  private final int maxBytes;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private int taken;
  private boolean irregularEnds;

  /**
   * Reads the lines of one part of an answer.
   *
   * @param maxBytes of all lines together, with their ends
   */
  Lines(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The next line, one character per byte, or null if its end has not arrived. A single LF ends a
   * line, too (RFC 9112, section 2.2).
   *
   * @throws Unreadable if there are more bytes than allowed
   */
  @Nullable String next(ByteBuf in) throws Unreadable {
    int end = in.bytesBefore((byte) '\n');
    int length = end < 0 ? in.readableBytes() : end + 1;
    if (length > maxBytes - taken) {
      throw new Unreadable("too long");
    }
    taken += length;
    take(in, length);
    if (end < 0) {
      return null;
    }
    String line = partial.toString(StandardCharsets.ISO_8859_1);
    partial.reset();
    return withoutEnd(line);
  }

  /** Whether a line ended in anything but one CR LF. */
  boolean hasIrregularEnds() {
    return irregularEnds;
  }

  private void take(ByteBuf in, int length) {
    try {
      in.readBytes(partial, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a stream in memory does not fail
    }
  }

  private String withoutEnd(String line) {
    int end = line.length() - 1;
    while (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    irregularEnds |= line.length() - end != 2;
    return line.substring(0, end);
  }
}
