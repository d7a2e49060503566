package io.fastyoke.integrations.templating;

/** Text inside XML, between tags or in the quotes of an attribute (XML 1.0, section 2.4). */
final class XmlText {
  private XmlText() {}

  /** What cannot add a tag, end an attribute or name an entity. */
  static String escaped(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&apos;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
