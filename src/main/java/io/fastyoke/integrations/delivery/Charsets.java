package io.fastyoke.integrations.delivery;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes a body by what it is, what it says that it is, and what is usual, in this order. */
final class Charsets {
  /** Zeros among this many bytes tell wide characters from others. */
  private static final int SAMPLE = 512;

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private Charsets() {}

  /**
   * The text, or null when it is none.
   *
   * @param cut whether the last character may be incomplete
   * @param label what the answer says, or null
   * @param isText whether its type is one of texts
   */
  static @Nullable String text(byte[] bytes, boolean cut, @Nullable String label, boolean isText) {
    for (Charset charset : candidates(bytes, label)) {
      String text = strictly(charset, bytes, cut);
      if (text != null) {
        return text;
      }
    }
    return isText && isMostlyAscii(bytes) ? strictly(WINDOWS_1252, bytes, cut) : null;
  }

  private static List<Charset> candidates(byte[] bytes, @Nullable String label) {
    List<Charset> candidates = new ArrayList<>();
    add(candidates, marked(bytes));
    add(candidates, wide(bytes));
    Charset named = named(label);
    boolean wide = named != null && named.name().matches("UTF-(?:16|32).*");
    add(candidates, wide && isMostlyAscii(bytes) ? null : named);
    candidates.add(StandardCharsets.UTF_8);
    return candidates;
  }

  private static void add(List<Charset> candidates, @Nullable Charset charset) {
    if (charset != null) {
      candidates.add(charset);
    }
  }

  private static @Nullable Charset named(@Nullable String label) {
    try {
      return label == null ? null : Charset.forName(label);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  /** By a byte order mark (WHATWG Encoding, section 6). */
  private static @Nullable Charset marked(byte[] bytes) {
    if (begins(bytes, 0xFF, 0xFE, 0, 0) || begins(bytes, 0, 0, 0xFE, 0xFF)) {
      return named("UTF-32");
    }
    return begins(bytes, 0xFF, 0xFE) || begins(bytes, 0xFE, 0xFF) ? StandardCharsets.UTF_16 : null;
  }

  /** By where the zeros are, in texts that are mostly ASCII. */
  private static @Nullable Charset wide(byte[] bytes) {
    int[] zeros = new int[4];
    int quads = Math.min(bytes.length, SAMPLE) / 4;
    for (int i = 0; i < 4 * quads; i++) {
      zeros[i % 4] += bytes[i] == 0 ? 1 : 0;
    }
    int most = quads * 3 / 4;
    if (quads == 0 || zeros[0] + zeros[1] + zeros[2] + zeros[3] < quads) {
      return null;
    }
    boolean[] zero = new boolean[4];
    for (int i = 0; i < 4; i++) {
      zero[i] = zeros[i] > most;
    }
    if (zero[2] && zero[3] && !zero[0]) {
      return named("UTF-32LE");
    }
    if (zero[0] && zero[1] && !zero[3]) {
      return named("UTF-32BE");
    }
    if (zeros[1] + zeros[3] > 2 * (zeros[0] + zeros[2])) {
      return StandardCharsets.UTF_16LE;
    }
    return zeros[0] + zeros[2] > 2 * (zeros[1] + zeros[3]) ? StandardCharsets.UTF_16BE : null;
  }

  /** The text without its mark; null when a byte does not fit or it holds NUL, as no text does. */
  static @Nullable String strictly(Charset charset, byte[] bytes, boolean cut) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer out = CharBuffer.allocate((int) (bytes.length * decoder.maxCharsPerByte()) + 2);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, !cut);
    if (result.isError() || (!cut && decoder.flush(out).isError())) {
      return null;
    }
    String text = out.flip().toString();
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return unmarked.indexOf('\0') < 0 ? unmarked : null;
  }

  private static boolean isMostlyAscii(byte[] bytes) {
    int ascii = 0;
    for (byte b : bytes) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
      ascii += b > 0 ? 1 : 0;
    }
    return ascii >= bytes.length / 4 * 3;
  }

  private static boolean begins(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
