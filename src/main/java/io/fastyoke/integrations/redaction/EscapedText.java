package io.fastyoke.integrations.redaction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with one kind of escape undone, that remembers where each byte came from. So a value is
 * found however it is escaped, in part or in whole, in either case of hexadecimal digits. What was
 * escaped twice is undone twice.
 */
final class EscapedText {
  private static final byte OTHER = '?';

  /** Four bytes, the shortest that a hidden value has in hexadecimal digits. */
  private static final int SHORTEST_HEX_RUN = 8;

  private static final String SHORT_ESCAPES = "nrtbf";
  private static final String THEIR_CHARACTERS = "\n\r\t\b\f";

  /** What can be undone. */
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
    /** Zeros between the bytes: UTF-16 and UTF-32 of what is ASCII, in either order. */
    WIDE,
    /** Hexadecimal digits, two a byte. */
    HEX,
    /** The same, for digits that begin with half a byte of something else. */
    HEX_SHIFTED
  }

  private final byte[] plain;
  private final int @Nullable [] starts;
  private final boolean own;
  private int length;

  private EscapedText(byte[] plain, int @Nullable [] starts, boolean own) {
    this.plain = plain;
    this.starts = starts;
    this.own = own;
  }

  /** As it is, without a copy. */
  static EscapedText raw(byte[] source) {
    EscapedText text = new EscapedText(source, null, false);
    text.length = source.length;
    return text;
  }

  /** Whether there is anything of this kind to be undone. */
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

  /** Where this text came from stays known. */
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
    // What is left at the end is an escape that was cut off; it belongs to the last byte.
    if (out.starts != null) {
      out.starts[out.length] = start(length);
    }
    return out;
  }

  /* Each of these takes what stands at a place, and says where the next thing is, or -1 for a cut. */

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
      out.add(known < 0 ? plain[at + 1] : (byte) THEIR_CHARACTERS.charAt(known), start(at));
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
    while (end < length && end - at <= HtmlEntities.LONGEST && HtmlEntities.mayHold(plain[end])) {
      end++;
    }
    if (end == length && end - at <= HtmlEntities.LONGEST) {
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
    if (end - at < SHORTEST_HEX_RUN) {
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
      if (run == SHORTEST_HEX_RUN) {
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

  /** Where a byte begins in the source; for the length, where the source ends. */
  int start(int index) {
    return starts == null ? index : starts[index];
  }

  /** The source itself stays as it is. */
  void wipe() {
    if (own) {
      Arrays.fill(plain, (byte) 0);
    }
  }
}
