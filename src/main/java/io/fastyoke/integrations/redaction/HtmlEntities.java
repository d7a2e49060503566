package io.fastyoke.integrations.redaction;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** HTML character references for ASCII characters. */
final class HtmlEntities {
  /** Of the text between {@code &} and {@code ;}. */
  static final int MAX_NAME_LENGTH = 10;

  private static final Map<String, Character> NAMED = new HashMap<>();

  static {
    String names =
        "Tab\tNewLine\n"
            + "excl!quot\"num#dollar$percnt%amp&apos'lpar(rpar)ast*plus+comma,period.sol/colon:semi;lt<equals=gt>quest?commat@lsqb[lbrack[bsol\\r"
            + "sqb]rbrack]Hat^lowbar_grave`lcub{"
            + "lbrace{verbar|vert|rcub}rbrace}nbsp\u00a0QUOT\"AMP&LT<GT>";
    int from = 0;
    for (int i = 0; i < names.length(); i++) {
      char c = names.charAt(i);
      if (!Character.isLetter(c)) {
        NAMED.put(names.substring(from, i), c);
        from = i + 1;
      }
    }
  }

  private HtmlEntities() {}

  /** Whether a byte may stand within a reference. */
  static boolean mayHold(byte b) {
    return b == '#' || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  /** The character of a reference without its signs, or -1. */
  static int character(byte[] text, int from, int to) {
    String reference = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    if (!reference.startsWith("#")) {
      Character named = NAMED.get(reference);
      return named == null ? -1 : named;
    }
    boolean hex = reference.startsWith("#x") || reference.startsWith("#X");
    try {
      int character = Integer.parseInt(reference.substring(hex ? 2 : 1), hex ? 16 : 10);
      return Character.isValidCodePoint(character) ? character : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
