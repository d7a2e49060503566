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
 * Cleans values of the environment and of files. Files written by {@code echo} end in a line break,
 * files of some editors and shells begin with a byte order mark, and text pasted from a web page
 * may contain invisible spaces.
 */
final class SettingText {
  private static final int MAX_BYTES = 64 * 1024;

  /** Marks and zero-width spaces, which Unicode does not count as white space. */
  private static final String INVISIBLE = "\uFEFF\u200B\u200C\u200D\u2060";

  private static final Pattern QUOTED = Pattern.compile("([\"'`]).*\\1", Pattern.DOTALL);

  private SettingText() {}

  /** A file does not contain a value. */
  static final class InvalidFile extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    InvalidFile(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  /** Removes surrounding white space, control characters and byte order marks. */
  static String strip(String given) {
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
        || INVISIBLE.indexOf(c) >= 0;
  }

  /**
   * Refuses quotes and a repeated name around a value, since a secret in quotes is another secret.
   *
   * @throws SettingRefused if the text is more than the value
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
   * @throws InvalidFile if the file is empty, larger than 64 KiB, or not text
   */
  static String ofFile(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new InvalidFile("is larger than 64 KiB");
    }
    String text = strip(decoded(bytes));
    if (text.isEmpty()) {
      throw new InvalidFile("is empty");
    }
    return text;
  }

  private static String decoded(byte[] bytes) throws InvalidFile {
    boolean little = bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
    boolean big = bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
    Charset charset = little || big ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidFile("is no text in UTF-8");
    }
  }
}
