package io.fastyoke.integrations.providers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

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

  private final Needles needles;

  private Redactor(Needles needles) {
    this.needles = needles;
  }

  /**
   * @param values what must not be seen; copied
   */
  static Redactor of(Collection<byte[]> values) {
    List<byte[]> forms = new ArrayList<>();
    values.forEach(value -> Forms.add(forms, value));
    Redactor redactor = new Redactor(new Needles(forms));
    forms.forEach(form -> Arrays.fill(form, (byte) 0));
    return redactor;
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
    text.wipe();
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
    needles.wipe();
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
        for (Base64.Encoder base64 : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
          forms.add(base64.encode(value));
          forms.add(base64.withoutPadding().encode(value));
          insideOfBase64(forms, base64, value);
        }
      }
    }

    /** What is the same wherever in a longer text the value begins, and whatever is around it. */
    private static void insideOfBase64(List<byte[]> forms, Base64.Encoder base64, byte[] value) {
      for (int offset = 0; offset < 3; offset++) {
        byte[] moved = new byte[offset + value.length];
        System.arraycopy(value, 0, moved, offset, value.length);
        byte[] encoded = base64.encode(moved);
        int first = offset == 0 ? 0 : offset + 1;
        forms.add(Arrays.copyOfRange(encoded, first, moved.length * 8 / 6));
        Arrays.fill(moved, (byte) 0);
        Arrays.fill(encoded, (byte) 0);
      }
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
