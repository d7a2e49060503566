package io.fastyoke.integrations.providers;

import java.util.Arrays;

/**
 * A text with one kind of escape undone, that remembers where each byte came from. So a value is
 * found however it is escaped, in part or in whole, in either case of hexadecimal digits.
 */
final class EscapedText {
  private static final byte OTHER = '?';

  private final byte[] source;
  private final byte[] plain;
  private final int[] starts;
  private int length;

  private EscapedText(byte[] source) {
    this.source = source;
    this.plain = new byte[source.length];
    this.starts = new int[source.length + 1];
  }

  /** As it is. */
  static EscapedText raw(byte[] source) {
    EscapedText text = new EscapedText(source);
    for (int i = 0; i < source.length; i++) {
      text.add(source[i], i);
    }
    return text.end();
  }

  /** With {@code %41} undone (RFC 3986, section 2.1). */
  static EscapedText percent(byte[] source) {
    EscapedText text = new EscapedText(source);
    int i = 0;
    while (i < source.length) {
      if (source[i] != '%') {
        text.add(source[i], i++);
      } else if (i + 2 >= source.length) {
        break;
      } else {
        int value = hex(source, i + 1, 2);
        text.add(value < 0 ? source[i] : (byte) value, i);
        i += value < 0 ? 1 : 3;
      }
    }
    return text.end();
  }

  /** With {@code \"}, {@code \/} and <code>&#92;u0041</code> undone (RFC 8259, section 7). */
  static EscapedText json(byte[] source) {
    EscapedText text = new EscapedText(source);
    int i = 0;
    while (i < source.length) {
      int width = source[i] == '\\' ? text.escapeWidth(i) : 1;
      if (i + width > source.length) {
        break;
      }
      text.add(width == 1 ? source[i] : text.unescaped(i, width), i);
      i += width;
    }
    return text.end();
  }

  private int escapeWidth(int at) {
    return at + 1 < source.length && source[at + 1] == 'u' ? 6 : 2;
  }

  private byte unescaped(int at, int width) {
    if (width == 2) {
      return source[at + 1];
    }
    int value = hex(source, at + 2, 4);
    return value >= 0 && value < 0x80 ? (byte) value : OTHER;
  }

  private static int hex(byte[] source, int from, int digits) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(source[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private void add(byte b, int start) {
    plain[length] = b;
    starts[length++] = start;
  }

  /** What is left at the end is an escape that was cut off; it belongs to the last byte. */
  private EscapedText end() {
    starts[length] = source.length;
    return this;
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return plain[index];
  }

  boolean contains(byte[] part) {
    int last = length - part.length;
    for (int from = 0; from <= last && part.length > 0; from++) {
      if (plain[from] == part[0]
          && Arrays.equals(plain, from, from + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  /** Where a byte begins in the source; for the length, where the source ends. */
  int start(int index) {
    return starts[index];
  }

  void wipe() {
    Arrays.fill(plain, (byte) 0);
  }
}
