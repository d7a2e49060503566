package io.fastyoke.integrations.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What somebody has meant who has written a value into an environment or a file. Files made by
 * {@code echo} end in a line break, those of some editors and shells begin with a byte order mark,
 * and what is pasted from a page comes with spaces that nobody sees.
 */
final class SettingText {
  private static final int MOST_BYTES = 64 * 1024;

  /** Marks and spaces of no width, which Unicode does not count as white space. */
  private static final String UNSEEN = "\uFEFF\u200B\u200C\u200D\u2060";

  private static final Pattern QUOTED = Pattern.compile("([\"'`]).*\\1", Pattern.DOTALL);

  private SettingText() {}

  /** A file that holds no value. */
  static final class NotOne extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    NotOne(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  /** Without white space, control characters and byte order marks around it. */
  static String bare(String given) {
    int start = 0;
    int end = given.length();
    while (start < end && isBlank(given.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(given.charAt(end - 1))) {
      end--;
    }
    return given.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || UNSEEN.indexOf(c) >= 0;
  }

  /**
   * A secret in quotes would be another one, and nobody would be let in.
   *
   * @throws SettingRefused when more was copied than the value
   */
  static void check(String name, String text) {
    if (QUOTED.matcher(text).matches()) {
      throw new SettingRefused(name + " is in quotes: leave them out.");
    }
    if (text.startsWith(name + "=")) {
      throw new SettingRefused("%1$s begins with %1$s= itself: leave that out.".formatted(name));
    }
  }

  /**
   * The value in a file, which is UTF-8, or UTF-16 with a byte order mark.
   *
   * @throws NotOne if it is empty, larger than 64 KiB, or no text
   */
  static String ofFile(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new NotOne("is larger than 64 KiB");
    }
    String text = bare(decoded(bytes));
    if (text.isEmpty()) {
      throw new NotOne("is empty");
    }
    return text;
  }

  private static String decoded(byte[] bytes) throws NotOne {
    boolean little = bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
    boolean big = bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
    Charset charset = little || big ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotOne("is no text in UTF-8");
    }
  }
}
