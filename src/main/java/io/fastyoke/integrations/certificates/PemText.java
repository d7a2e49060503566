package io.fastyoke.integrations.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468), read from bytes because keys must not become strings. What
 * is around the blocks is passed over, as OpenSSL does, which writes names there. Line breaks may
 * be any white space: forms and settings often lose them.
 */
final class PemText {
  private static final byte[] BEGIN = "-----BEGIN ".getBytes(US_ASCII);
  private static final byte[] DASHES = "-----".getBytes(US_ASCII);
  private static final int MAX_LABEL = 64;

  private PemText() {}

  /**
   * One block. {@link #close()} wipes it.
   *
   * @param label such as {@code CERTIFICATE}
   * @param base64 its content without white space
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(String label, byte[] base64) implements AutoCloseable {
    /**
     * The decoded content, which the caller wipes.
     *
     * @throws PemProblem unless it is base64
     */
    byte[] der() throws PemProblem {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        boolean escaped = new String(base64, US_ASCII).indexOf('\\') >= 0;
        throw new PemProblem(
            escaped
                ? "has \\n written out; put line breaks there"
                : "is damaged: between its lines with dashes is something else than base64");
      }
    }

    @Override
    public void close() {
      Arrays.fill(base64, (byte) 0);
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * All blocks, in their order.
   *
   * @throws PemProblem when one has no end
   */
  static List<Block> blocks(byte[] text) throws PemProblem {
    List<Block> blocks = new ArrayList<>();
    int at = indexOf(text, BEGIN, 0);
    while (at >= 0) {
      int from = at + BEGIN.length;
      int labelled = indexOf(text, DASHES, from);
      if (labelled < 0 || labelled - from > MAX_LABEL) {
        throw new PemProblem("has a line -----BEGIN … that does not end in -----");
      }
      String label = new String(text, from, labelled - from, US_ASCII);
      int body = labelled + DASHES.length;
      int end = indexOf(text, ("-----END " + label + "-----").getBytes(US_ASCII), body);
      if (end < 0) {
        throw new PemProblem("is cut: a line -----BEGIN … has no line -----END … of its kind");
      }
      blocks.add(new Block(label, withoutSpace(text, body, end)));
      at = indexOf(text, BEGIN, end);
    }
    return blocks;
  }

  private static byte[] withoutSpace(byte[] text, int from, int to) {
    byte[] kept = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < 0 || text[i] > ' ') {
        kept[length++] = text[i];
      }
    }
    byte[] exact = Arrays.copyOf(kept, length);
    Arrays.fill(kept, (byte) 0);
    return exact;
  }

  private static int indexOf(byte[] text, byte[] wanted, int from) {
    for (int i = from; i <= text.length - wanted.length; i++) {
      if (Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
