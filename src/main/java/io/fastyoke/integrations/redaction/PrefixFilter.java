package io.fastyoke.integrations.redaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The first four bytes of every form of every value. A text without any of them holds none of the
 * values, which is found out far quicker than which of them it holds.
 */
final class PrefixFilter {
  private static final int BITS_PER_SEED = 8;

  /** Sorted. */
  private final int[] seeds;

  /** One bit for the hash of each seed, which tells most texts from all of them. */
  private final long[] hashes;

  private final int shift;

  /**
   * Whether there is a value with less than four bytes, which begins too often to be told apart.
   */
  private boolean anywhere;

  PrefixFilter(Collection<byte[]> values) {
    List<byte[]> forms = new ArrayList<>();
    for (byte[] value : values) {
      byte[] start = Arrays.copyOf(value, Math.min(value.length, Redactor.MIN_LENGTH));
      anywhere |= start.length > 0 && start.length < Redactor.MIN_LENGTH;
      if (start.length == Redactor.MIN_LENGTH) {
        SecretForms.beginnings(forms, start);
      }
      Arrays.fill(start, (byte) 0);
    }
    seeds = new int[forms.size()];
    int bits = Integer.highestOneBit(Math.max(Long.SIZE, BITS_PER_SEED * seeds.length));
    hashes = new long[bits / Long.SIZE];
    shift = Integer.SIZE - Integer.numberOfTrailingZeros(bits);
    for (int i = 0; i < seeds.length; i++) {
      byte[] form = forms.get(i);
      seeds[i] =
          (form[0] << 24) | ((form[1] & 0xFF) << 16) | ((form[2] & 0xFF) << 8) | (form[3] & 0xFF);
      int hash = hash(seeds[i]);
      hashes[hash / Long.SIZE] |= 1L << hash;
      Arrays.fill(form, (byte) 0);
    }
    Arrays.sort(seeds);
  }

  boolean mayBeIn(EscapedText text) {
    int window = 0;
    for (int i = 0; i < text.length(); i++) {
      window = (window << 8) | (text.at(i) & 0xFF);
      if (i >= Redactor.MIN_LENGTH - 1 && isSeed(window)) {
        return true;
      }
    }
    return anywhere;
  }

  private boolean isSeed(int window) {
    int hash = hash(window);
    return ((hashes[hash / Long.SIZE] >>> hash) & 1) != 0
        && Arrays.binarySearch(seeds, window) >= 0;
  }

  /** Multiplicative: the highest bits of the product with 2^32 by the golden ratio. */
  private int hash(int window) {
    return (window * 0x9E3779B1) >>> shift;
  }

  void wipe() {
    Arrays.fill(seeds, 0);
    Arrays.fill(hashes, 0);
  }
}
