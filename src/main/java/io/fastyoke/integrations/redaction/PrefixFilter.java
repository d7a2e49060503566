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
  private final int[] seeds;

  /** One bit for the hash of each seed, which tells most texts from all of them. */
  private long hashes;

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
    for (int i = 0; i < seeds.length; i++) {
      byte[] form = forms.get(i);
      seeds[i] =
          (form[0] << 24) | ((form[1] & 0xFF) << 16) | ((form[2] & 0xFF) << 8) | (form[3] & 0xFF);
      hashes |= 1L << hash(seeds[i]);
      Arrays.fill(form, (byte) 0);
    }
  }

  boolean mayBeIn(EscapedText text) {
    int window = 0;
    for (int i = 0; i < text.length(); i++) {
      window = (window << 8) | (text.at(i) & 0xFF);
      if (i >= Redactor.MIN_LENGTH - 1 && ((hashes >>> hash(window)) & 1) != 0 && isSeed(window)) {
        return true;
      }
    }
    return anywhere;
  }

  private boolean isSeed(int window) {
    for (int seed : seeds) {
      if (seed == window) {
        return true;
      }
    }
    return false;
  }

  /** Multiplicative: the six highest bits of the product with 2^32 by the golden ratio. */
  private static int hash(int window) {
    return (window * 0x9E3779B1) >>> 26;
  }

  void wipe() {
    Arrays.fill(seeds, 0);
    hashes = 0;
  }
}
