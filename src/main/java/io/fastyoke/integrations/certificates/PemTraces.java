package io.fastyoke.integrations.certificates;

import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * By what PEM texts are found in an echo, whatever is between their lines: the lines of 64
 * characters in which everybody writes them (RFC 7468, section 2), which are in base64 without line
 * breaks as well.
 */
final class PemTraces {
  private static final int LINE = 64;

  /** Shorter ends of a block may be part of anything. */
  private static final int MIN_LINE = 16;

  /** Of a bundle of authorities that is larger, the first line of each stands for it. */
  private static final int MAX_AUTHORITIES = 16 * 1024;

  private final List<byte[]> lines = new ArrayList<>();

  private PemTraces() {}

  static List<byte[]> of(Credentials credentials) {
    PemTraces traces = new PemTraces();
    credentials.get(TlsFields.CERTIFICATE).ifPresent(text -> traces.add(text, false));
    credentials.get(TlsFields.KEY).ifPresent(text -> traces.add(text, false));
    credentials
        .get(TlsFields.AUTHORITIES)
        .ifPresent(text -> traces.add(text, text.length() > MAX_AUTHORITIES));
    return traces.lines;
  }

  private void add(Secret text, boolean firstLines) {
    try {
      for (PemText.Block block : PemText.blocks(text.expose())) {
        add(block.base64(), firstLines);
        block.close();
      }
    } catch (PemProblem notPem) {
      lines.add(text.expose().clone());
    }
  }

  private void add(byte[] base64, boolean firstOnly) {
    int end = firstOnly ? Math.min(LINE, base64.length) : base64.length;
    for (int from = 0; from < end; from += LINE) {
      int to = Math.min(from + LINE, base64.length);
      if (to - from >= MIN_LINE) {
        lines.add(Arrays.copyOfRange(base64, from, to));
      }
    }
  }
}
