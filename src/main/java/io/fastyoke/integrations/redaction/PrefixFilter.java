package io.fastyoke.integrations.redaction;

import java.util.Arrays;
import java.util.Collection;

/**
 * The first four bytes of every form of every value: as it is, and as base64 wherever in a longer
 * text it begins. A text without any of them holds none of the values, which is found out far
 * quicker than which of them it holds.
 *
 * <p>It is built for every attempt, so it takes no memory but its table: an open-addressing hash
 * set of four bytes each.
 */
final class PrefixFilter {
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final byte[] STANDARD = alphabet("+/");
  private static final byte[] URL = alphabet("-_");

  /**
   * Where in the value's first 32 bits the first four characters begin that no neighbour changes:
   * with no, one and two bytes of something else before it in its group of three.
   */
  private static final int[] BASE64_STARTS = {0, 4, 2};

  private static final int FOUR_CHARACTERS = 24;
  private static final int FORMS = 1 + 2 * BASE64_STARTS.length;
  private static final int MIN_SLOTS = 64;

  /** Zero is no entry: {@link #zero} says whether four zero bytes are one. */
  private final int[] table;

  private final int shift;
  private boolean zero;

  /**
   * Whether there is a value with less than four bytes, which begins too often to be told apart.
   */
  private boolean anywhere;

  PrefixFilter(Collection<byte[]> values) {
    // Between two and four slots for each entry, so that nearly every look ends at the first slot.
    int slots = Integer.highestOneBit(Math.max(MIN_SLOTS, 4 * FORMS * values.size()));
    table = new int[slots];
    shift = Integer.SIZE - Integer.numberOfTrailingZeros(slots);
    for (byte[] value : values) {
      if (value.length >= Redactor.MIN_LENGTH) {
        add(first(value));
      } else {
        anywhere |= value.length > 0;
      }
    }
  }

  boolean mayBeIn(EscapedText text) {
    int window = 0;
    for (int i = 0; i < text.length(); i++) {
      window = (window << 8) | (text.at(i) & 0xFF);
      if (i >= Redactor.MIN_LENGTH - 1 && holds(window)) {
        return true;
      }
    }
    return anywhere;
  }

  private void add(int start) {
    put(start);
    for (int from : BASE64_STARTS) {
      int bits = start << from >>> (Integer.SIZE - FOUR_CHARACTERS);
      put(encoded(STANDARD, bits));
      put(encoded(URL, bits));
    }
  }

  /** Four characters for 24 bits. */
  private static int encoded(byte[] alphabet, int bits) {
    return (alphabet[bits >>> 18] << 24)
        | (alphabet[bits >>> 12 & 0x3F] << 16)
        | (alphabet[bits >>> 6 & 0x3F] << 8)
        | alphabet[bits & 0x3F];
  }

  private void put(int bytes) {
    if (bytes == 0) {
      zero = true;
      return;
    }
    int slot = slot(bytes);
    while (table[slot] != 0 && table[slot] != bytes) {
      slot = next(slot);
    }
    table[slot] = bytes;
  }

  private boolean holds(int bytes) {
    if (bytes == 0) {
      return zero;
    }
    int slot = slot(bytes);
    while (table[slot] != 0) {
      if (table[slot] == bytes) {
        return true;
      }
      slot = next(slot);
    }
    return false;
  }

  /** Multiplicative: the highest bits of the product with 2^32 by the golden ratio. */
  private int slot(int bytes) {
    return (bytes * 0x9E3779B1) >>> shift;
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }

  private static int first(byte[] value) {
    return (value[0] << 24)
        | ((value[1] & 0xFF) << 16)
        | ((value[2] & 0xFF) << 8)
        | (value[3] & 0xFF);
  }

  private static byte[] alphabet(String last) {
    byte[] characters = new byte[BASE64.length() + last.length()];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = (byte) (BASE64 + last).charAt(i);
    }
    return characters;
  }

  void wipe() {
    Arrays.fill(table, 0);
    zero = false;
  }
}
