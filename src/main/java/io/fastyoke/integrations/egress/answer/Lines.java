package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines off a connection, however they are cut into packets. */
final class Lines {
  private final int mostBytes;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private int taken;
  private boolean bare;

  /**
   * Lines of one part of an answer.
   *
   * @param mostBytes of all of them together, with their ends
   */
  Lines(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * The next line, a character for each byte, or null when its end has not arrived. A single LF
   * ends one too (RFC 9112, section 2.2).
   *
   * @throws Unreadable if there are more bytes than allowed
   */
  @Nullable String next(ByteBuf in) throws Unreadable {
    int end = in.bytesBefore((byte) '\n');
    int length = end < 0 ? in.readableBytes() : end + 1;
    if (length > mostBytes - taken) {
      throw new Unreadable("too long");
    }
    taken += length;
    take(in, length);
    if (end < 0) {
      return null;
    }
    String line = begun.toString(StandardCharsets.ISO_8859_1);
    begun.reset();
    return withoutEnd(line);
  }

  /** Whether a line ended in anything but one CR LF. */
  boolean oddEnds() {
    return bare;
  }

  private void take(ByteBuf in, int length) {
    try {
      in.readBytes(begun, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
  }

  private String withoutEnd(String line) {
    int end = line.length() - 1;
    while (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    bare |= line.length() - end != 2;
    return line.substring(0, end);
  }
}
