package io.fastyoke.integrations.redaction;

import java.util.Arrays;
import java.util.Collection;

/**
 * The automaton of Aho and Corasick ("Efficient string matching", 1975): finds any of many byte
 * strings in one pass, in time linear in the text. The children of a state are a linked list, since
 * most states have one child.
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

  /** Copies the patterns; skips empty ones. */
  AhoCorasick(Collection<byte[]> patterns) {
    int capacity = 1 + patterns.stream().mapToInt(pattern -> pattern.length).sum();
    label = new byte[capacity];
    firstChild = filled(capacity);
    sibling = filled(capacity);
    fallback = new int[capacity];
    depth = new int[capacity];
    longest = new int[capacity];
    patterns.forEach(this::add);
    for (int child = firstChild[ROOT]; child != NONE; child = sibling[child]) {
      fromRoot[label[child] & 0xFF] = child;
    }
    link();
  }

  private static int[] filled(int capacity) {
    int[] array = new int[capacity];
    Arrays.fill(array, NONE);
    return array;
  }

  private void add(byte[] pattern) {
    int state = ROOT;
    for (byte b : pattern) {
      int child = child(state, b);
      state = child == NONE ? addChild(state, b) : child;
    }
    longest[state] = depth[state];
  }

  private int addChild(int parent, byte b) {
    int state = states++;
    label[state] = b;
    depth[state] = depth[parent] + 1;
    sibling[state] = firstChild[parent];
    firstChild[parent] = state;
    return state;
  }

  /** Breadth first, so that the fallback of a state, which is shallower, is complete before it. */
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

  /** The length of the longest pattern that ends in this state, or 0. */
  int matched(int state) {
    return longest[state];
  }

  /** How many of the last bytes are the prefix of a pattern. */
  int prefix(int state) {
    return depth[state];
  }

  void wipe() {
    Arrays.fill(label, (byte) 0);
  }
}
