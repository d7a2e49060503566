package io.fastyoke.integrations.redaction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with one kind of escape undone, which maps each byte back to its position in the source.
 * So a secret is found even if it is escaped in part, or with either case of hexadecimal digits.
 * Text that was escaped twice is undone twice.
 */
final class EscapedText {
  private static final byte OTHER = '?';

  /** The hexadecimal digits of the shortest secret, four bytes. */
  private static final int MIN_HEX_DIGITS = 8;

  private static final String SHORT_ESCAPES = "nrtbf";
  private static final String SHORT_ESCAPED = "\n\r\t\b\f";

  /** The escapes that can be undone. */
  enum Escape {
    /** {@code %41} (RFC 3986, section 2.1), and <code>%u0041</code> as old scripts write it. */
    PERCENT,
    /** The same with {@code +} for a space (WHATWG URL, section 5). */
    FORM,
    /**
     * {@code \"}, {@code \/} and <code>&#92;u0041</code> (RFC 8259, section 7), and {@code \x41} as
     * scripts write it.
     */
    JSON,
    /** Character references by name or number (WHATWG HTML, section 13.1.4). */
    HTML,
    /** Zero bytes in between: ASCII in UTF-16 or UTF-32, in either byte order. */
    WIDE,
    /** Hexadecimal digits, two a byte. */
    HEX,
    /** The same, if the run begins in the middle of a byte. */
    HEX_SHIFTED
  }

  private final byte[] plain;
  private final int @Nullable [] starts;
  private final boolean copied;
  private int length;

  private EscapedText(byte[] plain, int @Nullable [] starts, boolean copied) {
    this.plain = plain;
    this.starts = starts;
    this.copied = copied;
  }

  /** The text as it is, without a copy. */
  static EscapedText raw(byte[] source) {
    EscapedText text = new EscapedText(source, null, false);
    text.length = source.length;
    return text;
  }

  /** Whether the text may contain this escape. */
  boolean has(Escape escape) {
    return switch (escape) {
      case PERCENT -> contains('%');
      case FORM -> contains('+');
      case JSON -> contains('\\');
      case HTML -> contains('&');
      case WIDE -> contains('\0');
      case HEX, HEX_SHIFTED -> hasHexRun();
    };
  }

  /** Undoes an escape; positions still refer to the source. */
  EscapedText undo(Escape escape) {
    EscapedText out = new EscapedText(new byte[length], new int[length + 1], true);
    int i = 0;
    while (i >= 0 && i < length) {
      i =
          switch (escape) {
            case PERCENT -> percent(i, out, false);
            case FORM -> percent(i, out, true);
            case JSON -> json(i, out);
            case HTML -> html(i, out);
            case WIDE -> wide(i, out);
            case HEX -> hexRun(i, out, 0);
            case HEX_SHIFTED -> hexRun(i, out, 1);
          };
    }
    // A truncated escape at the end belongs to the last byte.
    if (out.starts != null) {
      out.starts[out.length] = start(length);
    }
    return out;
  }

  /* Each of these decodes at an index and returns the next index, or -1 for a truncated escape. */

  private int percent(int at, EscapedText out, boolean form) {
    if (plain[at] == '+' && form) {
      out.add((byte) ' ', start(at));
    } else if (plain[at] != '%') {
      out.add(plain[at], start(at));
    } else if (at + 2 >= length) {
      return -1;
    } else if (plain[at + 1] == 'u' || plain[at + 1] == 'U') {
      if (at + 6 > length) {
        return -1;
      }
      int unit = hex(at + 2, 4);
      out.add(unit < 0 ? plain[at] : unit, start(at));
      return at + (unit < 0 ? 1 : 6);
    } else {
      int value = hex(at + 1, 2);
      out.add(value < 0 ? plain[at] : (byte) value, start(at));
      return at + (value < 0 ? 1 : 3);
    }
    return at + 1;
  }

  private int json(int at, EscapedText out) {
    if (plain[at] != '\\') {
      out.add(plain[at], start(at));
      return at + 1;
    }
    boolean unicode = at + 1 < length && plain[at + 1] == 'u';
    boolean shorter = at + 1 < length && plain[at + 1] == 'x';
    int width = unicode ? 6 : shorter ? 4 : 2;
    if (at + width > length) {
      return -1;
    }
    if (shorter && hex(at + 2, 2) >= 0) {
      out.add(hex(at + 2, 2), start(at));
      return at + width;
    }
    width = unicode ? 6 : 2;
    if (!unicode) {
      int known = SHORT_ESCAPES.indexOf(plain[at + 1]);
      out.add(known < 0 ? plain[at + 1] : (byte) SHORT_ESCAPED.charAt(known), start(at));
      return at + width;
    }
    int unit = hex(at + 2, 4);
    boolean pair = unit >= 0xD800 && unit < 0xDC00 && isEscape(at + width);
    int low = pair ? hex(at + width + 2, 4) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
      out.add(Character.toCodePoint((char) unit, (char) low), start(at));
      return at + 2 * width;
    }
    out.add(unit, start(at));
    return at + width;
  }

  private boolean isEscape(int at) {
    return at + 6 <= length && plain[at] == '\\' && plain[at + 1] == 'u';
  }

  private int html(int at, EscapedText out) {
    if (plain[at] != '&') {
      out.add(plain[at], start(at));
      return at + 1;
    }
    int end = at + 1;
    while (end < length
        && end - at <= HtmlEntities.MAX_NAME_LENGTH
        && HtmlEntities.mayHold(plain[end])) {
      end++;
    }
    if (end == length) {
      return -1;
    }
    int character = plain[end] == ';' ? HtmlEntities.character(plain, at + 1, end) : -1;
    if (character < 0) {
      out.add(plain[at], start(at));
      return at + 1;
    }
    out.add(character, start(at));
    return end + 1;
  }

  private int wide(int at, EscapedText out) {
    if (plain[at] != 0) {
      out.add(plain[at], start(at));
    }
    return at + 1;
  }

  private int hexRun(int at, EscapedText out, int skipped) {
    int end = at;
    while (end < length && Character.digit(plain[end], 16) >= 0) {
      end++;
    }
    if (end - at < MIN_HEX_DIGITS) {
      int next = Math.max(end, at + 1);
      for (int i = at; i < next; i++) {
        out.add(OTHER, start(i));
      }
      return next;
    }
    if (skipped > 0) {
      out.add(OTHER, start(at));
    }
    int i = at + skipped;
    for (; i + 1 < end; i += 2) {
      out.add((byte) hex(i, 2), start(i));
    }
    if (i < end && end < length) {
      out.add(OTHER, start(i));
    }
    return end;
  }

  private boolean hasHexRun() {
    int run = 0;
    for (int i = 0; i < length; i++) {
      run = Character.digit(plain[i], 16) < 0 ? 0 : run + 1;
      if (run == MIN_HEX_DIGITS) {
        return true;
      }
    }
    return false;
  }

  private int hex(int from, int digits) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(plain[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private boolean contains(char c) {
    for (int i = 0; i < length; i++) {
      if (plain[i] == c) {
        return true;
      }
    }
    return false;
  }

  private void add(byte b, int start) {
    plain[length] = b;
    if (starts != null) {
      starts[length] = start;
    }
    length++;
  }

  /** A character as UTF-8, which is never longer than its escape. */
  private void add(int character, int start) {
    if (character < 0 || (character >= 0xD800 && character < 0xE000)) {
      add(OTHER, start);
    } else if (character < 0x80) {
      add((byte) character, start);
    } else {
      int further = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
      add((byte) ((0xF00 >> (further + 1)) | (character >> (6 * further))), start);
      for (int i = further - 1; i >= 0; i--) {
        add((byte) (0x80 | ((character >> (6 * i)) & 0x3F)), start);
      }
    }
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return plain[index];
  }

  /** The position of a byte in the source; for the length, the end of the source. */
  int start(int index) {
    return starts == null ? index : starts[index];
  }

  /** Wipes this copy; the source stays unchanged. */
  void wipe() {
    if (copied) {
      Arrays.fill(plain, (byte) 0);
    }
  }
}
