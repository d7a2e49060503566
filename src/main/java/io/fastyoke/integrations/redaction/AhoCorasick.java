package io.fastyoke.integrations.redaction;

import java.util.Arrays;
import java.util.Collection;

/**
 * Finds any of many byte strings in one pass, in time that grows with the text only, whatever the
 * text is (Aho and Corasick, "Efficient string matching", 1975). Children of a state are a linked
 * list, since most states have one.
 */
final class AhoCorasick {
  static final int ROOT = 0;
  private static final int NONE = -1;

  private final byte[] label;
  private final int[] firstChild;
  private final int[] sibling;
  private final int[] fallback;
  private final int[] depth;
  private final int[] longest;
  private final int[] fromRoot = new int[256];
  private int states = 1;

  /** Copies the needles; empty ones are left out. */
  AhoCorasick(Collection<byte[]> needles) {
    int room = 1 + needles.stream().mapToInt(needle -> needle.length).sum();
    label = new byte[room];
    firstChild = filled(room);
    sibling = filled(room);
    fallback = new int[room];
    depth = new int[room];
    longest = new int[room];
    needles.forEach(this::add);
    for (int child = firstChild[ROOT]; child != NONE; child = sibling[child]) {
      fromRoot[label[child] & 0xFF] = child;
    }
    link();
  }

  private static int[] filled(int room) {
    int[] array = new int[room];
    Arrays.fill(array, NONE);
    return array;
  }

  private void add(byte[] needle) {
    int state = ROOT;
    for (byte b : needle) {
      int child = child(state, b);
      state = child == NONE ? grow(state, b) : child;
    }
    longest[state] = depth[state];
  }

  private int grow(int parent, byte b) {
    int state = states++;
    label[state] = b;
    depth[state] = depth[parent] + 1;
    sibling[state] = firstChild[parent];
    firstChild[parent] = state;
    return state;
  }

  /** Breadth first, so that the fallback of a state, which is shorter, is ready before it. */
  private void link() {
    int[] queue = new int[states];
    int last = 0;
    for (int next = 0; next <= last; next++) {
      int parent = queue[next];
      for (int child = firstChild[parent]; child != NONE; child = sibling[child]) {
        fallback[child] = parent == ROOT ? ROOT : step(fallback[parent], label[child]);
        longest[child] = Math.max(longest[child], longest[fallback[child]]);
        queue[++last] = child;
      }
    }
  }

  private int child(int state, byte b) {
    int child = firstChild[state];
    while (child != NONE && label[child] != b) {
      child = sibling[child];
    }
    return child;
  }

  /** The state after one more byte. */
  int step(int state, byte b) {
    int at = state;
    while (at != ROOT) {
      int child = child(at, b);
      if (child != NONE) {
        return child;
      }
      at = fallback[at];
    }
    return fromRoot[b & 0xFF];
  }

  /** The length of the longest needle that ends in this state, or 0. */
  int matched(int state) {
    return longest[state];
  }

  /** How many of the last bytes are the beginning of a needle. */
  int begun(int state) {
    return depth[state];
  }

  void wipe() {
    Arrays.fill(label, (byte) 0);
  }
}
