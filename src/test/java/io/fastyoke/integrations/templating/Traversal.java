package io.fastyoke.integrations.templating;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What receivers may make of a segment, said a second time for the tests. */
public final class Traversal {
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  private Traversal() {}

  /** Whether somebody who decodes the text, once or more often, leaves the segment. */
  public static boolean leadsAway(String text) {
    String decoded =
        ESCAPE
            .matcher(text)
            .replaceAll(
                escape ->
                    java.util.regex.Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(escape.group(1), 16))));
    boolean here =
        Stream.of(text.split("[/\\\\]"))
            .map(part -> part.split("[;?#\u0000]", 2)[0])
            .map(part -> part.replaceAll("^[\u0000- ]+|[\u0000- ]+$", ""))
            .anyMatch(part -> part.equals(".") || part.equals(".."));
    return here || (!decoded.equals(text) && leadsAway(decoded));
  }
}
