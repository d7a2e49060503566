package io.fastyoke.integrations.redaction;

import io.fastyoke.integrations.redaction.EscapedText.Escape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of one connection's credentials out of what is kept of an answer. Finds them as
 * they are, as base64 (also in the middle of a longer text), and each of these percent-encoded (as
 * in addresses and in forms), escaped as in JSON or HTML, with zeros between them (as in UTF-16 and
 * UTF-32), in hexadecimal digits, or two of these one within the other. Time grows with the text
 * only. For one user at a time; {@link #close()} wipes its copies.
 *
 * <p>Most texts hold nothing, so first only the beginnings of the values are looked for; the search
 * itself is prepared when one of them is found.
 *
 * <p>Values of one to three characters hide nothing worth hiding in a longer word, so they are
 * replaced only where they stand alone.
 */
public final class Redactor implements AutoCloseable {
  private static final byte[] REPLACEMENT = "[redacted]".getBytes(StandardCharsets.US_ASCII);
  public static final int SHORT = 4;

  /** What is found within another escape. */
  private static final List<Escape> FURTHER =
      List.of(Escape.PERCENT, Escape.FORM, Escape.JSON, Escape.HTML, Escape.WIDE);

  private final Supplier<List<byte[]>> source;
  private @Nullable List<byte[]> values;
  private @Nullable PrefixFilter seeds;
  private @Nullable AhoCorasick needles;

  private Redactor(Supplier<List<byte[]>> source) {
    this.source = source;
  }

  /**
   * @param values what must not be seen; copied
   */
  static Redactor of(Collection<byte[]> values) {
    return lazily(() -> values.stream().map(byte[]::clone).toList());
  }

  /**
   * A redactor that asks for its values when there is text to look at.
   *
   * @param values copies of what must not be seen, asked for when there is something to look at,
   *     and wiped here
   */
  public static Redactor lazily(Supplier<List<byte[]>> values) {
    return new Redactor(values);
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
    BitSet hidden = new BitSet();
    EscapedText raw = EscapedText.raw(bytes);
    mark(raw, cut, hidden);
    for (Escape escape : Escape.values()) {
      if (raw.has(escape)) {
        markUndone(raw, escape, cut, hidden);
      }
    }
    return hidden.isEmpty() ? bytes : replace(bytes, hidden);
  }

  /** And what is left is undone once more; digits within digits are nobody's. */
  private void markUndone(EscapedText text, Escape escape, boolean cut, BitSet hidden) {
    EscapedText undone = text.undo(escape);
    mark(undone, cut, hidden);
    if (escape.compareTo(Escape.HEX) < 0) {
      for (Escape further : FURTHER) {
        if (undone.has(further)) {
          EscapedText twice = undone.undo(further);
          mark(twice, cut, hidden);
          twice.wipe();
        }
      }
    }
    undone.wipe();
  }

  private void mark(EscapedText text, boolean cut, BitSet hidden) {
    if (!seeds().mayBeIn(text)) {
      return;
    }
    AhoCorasick prepared = needles();
    int state = AhoCorasick.ROOT;
    for (int i = 0; i < text.length(); i++) {
      state = prepared.step(state, text.at(i));
      int length = prepared.matched(state);
      if (length >= SHORT || (length > 0 && standsAlone(text, i + 1 - length, i + 1))) {
        hidden.set(text.start(i + 1 - length), text.start(i + 1));
      }
    }
    int begun = prepared.begun(state);
    if (cut && begun >= SHORT) {
      hidden.set(text.start(text.length() - begun), text.start(text.length()));
    }
  }

  private PrefixFilter seeds() {
    if (seeds == null) {
      seeds = new PrefixFilter(values());
    }
    return seeds;
  }

  private AhoCorasick needles() {
    if (needles == null) {
      List<byte[]> forms = new ArrayList<>();
      values().forEach(value -> SecretForms.encodings(forms, value));
      needles = new AhoCorasick(forms);
      forms.forEach(form -> Arrays.fill(form, (byte) 0));
    }
    return needles;
  }

  private List<byte[]> values() {
    if (values == null) {
      List<byte[]> all = new ArrayList<>();
      source.get().forEach(value -> SecretForms.values(all, value));
      values = all;
    }
    return values;
  }

  /** Whether the search was prepared; for tests. */
  boolean isPrepared() {
    return needles != null;
  }

  private static boolean standsAlone(EscapedText text, int from, int to) {
    return !isWord(text, from - 1) && !isWord(text, to);
  }

  private static boolean isWord(EscapedText text, int index) {
    return index >= 0
        && index < text.length()
        && (text.at(index) < 0 || Character.isLetterOrDigit(text.at(index)));
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
    if (values != null) {
      values.forEach(value -> Arrays.fill(value, (byte) 0));
    }
    if (seeds != null) {
      seeds.wipe();
    }
    if (needles != null) {
      needles.wipe();
    }
  }

  @Override
  public String toString() {
    return "Redactor";
  }
}
