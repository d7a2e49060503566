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
 * Removes the secrets of one connection from the stored part of an answer. Finds each secret as it
 * is and as base64 (even within longer base64 text). Finds both forms percent-encoded (as in URLs
 * and forms), escaped as in JSON or HTML, with zero bytes in between (UTF-16 and UTF-32), as
 * hexadecimal digits, and with two of these escapes nested. The time is linear in the length of the
 * text. Not thread-safe; {@link #close()} wipes its copies.
 *
 * <p>Most texts contain no secret. So a filter first searches for prefixes of the secrets, and the
 * automaton is built only if it finds one.
 *
 * <p>Secrets of one to three characters are replaced only as whole words, because they occur in
 * ordinary words.
 */
public final class Redactor implements AutoCloseable {
  private static final byte[] REPLACEMENT = "[redacted]".getBytes(StandardCharsets.US_ASCII);
  public static final int MIN_LENGTH = 4;

  /** Escapes that are undone within another escape. */
  private static final List<Escape> NESTED =
      List.of(Escape.PERCENT, Escape.FORM, Escape.JSON, Escape.HTML, Escape.WIDE);

  private final Supplier<List<byte[]>> source;
  private @Nullable List<byte[]> values;
  private @Nullable PrefixFilter filter;
  private @Nullable AhoCorasick automaton;

  private Redactor(Supplier<List<byte[]>> source) {
    this.source = source;
  }

  /**
   * @param values the secrets; copied
   */
  static Redactor of(Collection<byte[]> values) {
    return lazily(() -> values.stream().map(byte[]::clone).toList());
  }

  /**
   * A redactor that gets its secrets at the first text.
   *
   * @param values supplies copies of the secrets; this redactor wipes them
   */
  public static Redactor lazily(Supplier<List<byte[]>> values) {
    return new Redactor(values);
  }

  /** The text without the secrets. */
  public String redact(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] clean = redact(bytes, false);
    return clean == bytes ? text : new String(clean, StandardCharsets.UTF_8);
  }

  /**
   * The bytes without the secrets; the same array if there are none. Call this before decoding or
   * truncating.
   *
   * @param cut whether the bytes are truncated; then a prefix of a secret at the end is removed,
   *     too
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

  /** Undoes one escape, and then a nested one, except within hexadecimal digits. */
  private void markUndone(EscapedText text, Escape escape, boolean cut, BitSet hidden) {
    EscapedText undone = text.undo(escape);
    mark(undone, cut, hidden);
    if (escape.compareTo(Escape.HEX) < 0) {
      for (Escape further : NESTED) {
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
    if (!filter().mayBeIn(text)) {
      return;
    }
    AhoCorasick prepared = automaton();
    int state = AhoCorasick.ROOT;
    for (int i = 0; i < text.length(); i++) {
      state = prepared.step(state, text.at(i));
      int length = prepared.matched(state);
      if (length >= MIN_LENGTH || (length > 0 && standsAlone(text, i + 1 - length, i + 1))) {
        hidden.set(text.start(i + 1 - length), text.start(i + 1));
      }
    }
    int prefix = prepared.prefix(state);
    if (cut && prefix >= MIN_LENGTH) {
      hidden.set(text.start(text.length() - prefix), text.start(text.length()));
    }
  }

  private PrefixFilter filter() {
    if (filter == null) {
      filter = new PrefixFilter(values());
    }
    return filter;
  }

  private AhoCorasick automaton() {
    if (automaton == null) {
      List<byte[]> forms = new ArrayList<>();
      values().forEach(value -> SecretForms.encodings(forms, value));
      automaton = new AhoCorasick(forms);
      forms.forEach(form -> Arrays.fill(form, (byte) 0));
    }
    return automaton;
  }

  private List<byte[]> values() {
    if (values == null) {
      List<byte[]> all = new ArrayList<>();
      source.get().forEach(value -> SecretForms.values(all, value));
      values = all;
    }
    return values;
  }

  /** Whether the automaton was built; for tests. */
  boolean isPrepared() {
    return automaton != null;
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
    if (filter != null) {
      filter.wipe();
    }
    if (automaton != null) {
      automaton.wipe();
    }
  }

  @Override
  public String toString() {
    return "Redactor";
  }
}
