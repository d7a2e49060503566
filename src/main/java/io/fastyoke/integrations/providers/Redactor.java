package io.fastyoke.integrations.providers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of one connection's credentials out of what is kept of an answer. Finds them as
 * they are, as base64 (also in the middle of a longer text), and each of these percent-encoded or
 * escaped as in JSON. Time grows with the text only. Immutable but for {@link #close()}, which
 * wipes its copies.
 *
 * <p>Values of one to three characters hide nothing worth hiding in a longer word, so they are
 * replaced only where they stand alone.
 */
public final class Redactor implements AutoCloseable {
  private static final byte[] REPLACEMENT = "[redacted]".getBytes(StandardCharsets.US_ASCII);
  private static final int SHORT = 4;

  /**
   * Up to this many bytes it is cheaper to look for one form after the other than to build {@link
   * Needles}; nearly all that is redacted is an address or a header without any of them.
   */
  private static final int GLANCE = 512;

  private final List<byte[]> forms;
  private @Nullable Needles needles;

  private Redactor(List<byte[]> forms) {
    this.forms = forms;
  }

  /**
   * @param values what must not be seen; copied
   */
  static Redactor of(Collection<byte[]> values) {
    List<byte[]> forms = new ArrayList<>();
    values.forEach(value -> Forms.add(forms, value));
    return new Redactor(forms);
  }

  /** The text without the values. */
  public String redact(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] clean = redact(bytes, false);
    return clean == bytes ? text : new String(clean, StandardCharsets.UTF_8);
  }

  /**
   * The bytes without the values; the same array if there are none. Do this before decoding or
   * cutting.
   *
   * @param cut whether bytes are missing at the end: then the beginning of a value there goes, too
   */
  public byte[] redact(byte[] bytes, boolean cut) {
    BitSet hidden = new BitSet(bytes.length);
    mark(EscapedText.raw(bytes), cut, hidden);
    if (contains(bytes, '%')) {
      mark(EscapedText.percent(bytes), cut, hidden);
    }
    if (contains(bytes, '\\')) {
      mark(EscapedText.json(bytes), cut, hidden);
    }
    return hidden.isEmpty() ? bytes : replace(bytes, hidden);
  }

  private void mark(EscapedText text, boolean cut, BitSet hidden) {
    if (cut || text.length() > GLANCE || forms.stream().anyMatch(text::contains)) {
      find(text, cut, hidden);
    }
    text.wipe();
  }

  private void find(EscapedText text, boolean cut, BitSet hidden) {
    Needles needles = needles();
    int state = Needles.ROOT;
    for (int i = 0; i < text.length(); i++) {
      state = needles.step(state, text.at(i));
      int length = needles.matched(state);
      if (length >= SHORT || (length > 0 && standsAlone(text, i + 1 - length, i + 1))) {
        hidden.set(text.start(i + 1 - length), text.start(i + 1));
      }
    }
    int begun = needles.begun(state);
    if (cut && begun >= SHORT) {
      hidden.set(text.start(text.length() - begun), text.start(text.length()));
    }
  }

  private Needles needles() {
    if (needles == null) {
      needles = new Needles(forms);
    }
    return needles;
  }

  private static boolean standsAlone(EscapedText text, int from, int to) {
    return !isWord(text, from - 1) && !isWord(text, to);
  }

  private static boolean isWord(EscapedText text, int index) {
    return index >= 0
        && index < text.length()
        && (text.at(index) < 0 || Character.isLetterOrDigit(text.at(index)));
  }

  private static boolean contains(byte[] bytes, char c) {
    for (byte b : bytes) {
      if (b == c) {
        return true;
      }
    }
    return false;
  }

  private static byte[] replace(byte[] bytes, BitSet hidden) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int from = hidden.nextSetBit(at);
      int end = from < 0 ? bytes.length : from;
      out.write(bytes, at, end - at);
      if (from < 0) {
        break;
      }
      out.writeBytes(REPLACEMENT);
      at = hidden.nextClearBit(from);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    forms.forEach(form -> Arrays.fill(form, (byte) 0));
    if (needles != null) {
      needles.wipe();
    }
  }

  @Override
  public String toString() {
    return "Redactor";
  }

  /** The forms in which a value may come back. */
  private static final class Forms {
    private static final byte[] BASIC = "basic ".getBytes(StandardCharsets.US_ASCII);

    private Forms() {}

    static void add(List<byte[]> forms, byte[] value) {
      encodings(forms, value.clone());
      int space = indexOf(value, ' ');
      if (space < 0 || space + 1 >= value.length) {
        return;
      }
      byte[] afterScheme = Arrays.copyOfRange(value, space + 1, value.length);
      encodings(forms, afterScheme);
      if (space + 1 == BASIC.length && isBasic(value)) {
        userAndPassword(forms, afterScheme);
      }
    }

    private static void encodings(List<byte[]> forms, byte[] value) {
      forms.add(value);
      if (value.length >= SHORT) {
        both(forms, value, 0, Integer.MAX_VALUE);
        if (value.length % 3 != 0) {
          both(forms, value, 0, (value.length * 8 + 5) / 6);
        }
        insideOfBase64(forms, value);
      }
    }

    /** What is the same wherever in a longer text the value begins, and whatever is around it. */
    private static void insideOfBase64(List<byte[]> forms, byte[] value) {
      for (int offset = 0; offset < 3; offset++) {
        byte[] moved = new byte[offset + value.length];
        System.arraycopy(value, 0, moved, offset, value.length);
        both(forms, moved, offset == 0 ? 0 : offset + 1, moved.length * 8 / 6);
        Arrays.fill(moved, (byte) 0);
      }
    }

    /** A part of the base64 of a text, in both alphabets where they differ (RFC 4648, 4 and 5). */
    private static void both(List<byte[]> forms, byte[] text, int from, int to) {
      byte[] usual = part(Base64.getEncoder().encode(text), from, to);
      byte[] url = part(Base64.getUrlEncoder().encode(text), from, to);
      forms.add(usual);
      if (!Arrays.equals(usual, url)) {
        forms.add(url);
      }
    }

    private static byte[] part(byte[] encoded, int from, int to) {
      byte[] part = Arrays.copyOfRange(encoded, from, Math.min(to, encoded.length));
      Arrays.fill(encoded, (byte) 0);
      return part;
    }

    private static void userAndPassword(List<byte[]> forms, byte[] base64) {
      try {
        byte[] pair = Base64.getDecoder().decode(base64);
        forms.add(pair);
        int colon = indexOf(pair, ':');
        if (colon >= 0 && pair.length - colon > SHORT) {
          encodings(forms, Arrays.copyOfRange(pair, colon + 1, pair.length));
        }
      } catch (IllegalArgumentException e) {
        // Not base64 after all, so there is nothing more in it.
      }
    }

    private static boolean isBasic(byte[] value) {
      for (int i = 0; i < BASIC.length; i++) {
        if (Character.toLowerCase(value[i]) != BASIC[i]) {
          return false;
        }
      }
      return true;
    }

    private static int indexOf(byte[] bytes, char c) {
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == c) {
          return i;
        }
      }
      return -1;
    }
  }
}
