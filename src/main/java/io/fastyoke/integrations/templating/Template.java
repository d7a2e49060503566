package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts variables into templates.
 *
 * <p>{@code {{path}}} stands for a value anywhere in a string, with or without spaces inside the
 * braces; see {@link Variables#lookup}. {@code {{path?}}} may be missing. A backslash before
 * opening braces makes them literal, and two are one backslash with a placeholder behind it;
 * backslashes elsewhere and closing braces that close nothing are literal text.
 *
 * <ul>
 *   <li>In a body, a string that is exactly one placeholder takes the value with its JSON type; a
 *       missing optional one becomes null.
 *   <li>Inside longer text, and in paths and headers always, a string is written as it is, a number
 *       as it was written, a boolean as {@code true} or {@code false}, an array or object as
 *       compact JSON, and a missing or null optional variable as nothing.
 *   <li>Longer text that is itself a JSON object or array ({@link JsonText}) stays one: inside its
 *       strings values are escaped as JSON is, elsewhere they are written with their JSON type.
 *   <li>A variable that exists and is null is a value in the first case. In the second it is an
 *       error unless the placeholder is optional: neither "Dear null" nor "Dear ," is what a letter
 *       should say, and the template's author can allow the latter.
 * </ul>
 *
 * <p>Values are data: they are never expanded again and cannot add JSON structure, path segments, a
 * query, headers or another host. Keys of objects are never rendered. One value may have 64 KiB, a
 * rendered body 256 KiB and {@value Json#MAX_DEPTH} levels, a rendered path or header 8 KiB.
 */
public final class Template {
  private static final int MAX_BODY_BYTES = 256 * 1024;

  private Template() {}

  /**
   * Renders all string values of a JSON body.
   *
   * @return a tree of its own: changing it changes neither template nor variables
   * @throws TemplateException if a variable is missing, a placeholder malformed or a limit exceeded
   */
  public static JsonNode renderBody(JsonNode template, Variables variables) {
    return renderBody(template, variables, Set.of());
  }

  /**
   * The same, with values in longer text escaped as XML is where the receiver reads XML.
   *
   * @param xml the keys of the body whose texts are XML
   */
  public static JsonNode renderBody(JsonNode template, Variables variables, Set<String> xml) {
    Resolver resolver = new Resolver(variables, MAX_BODY_BYTES);
    JsonNode body = new BodyRenderer(resolver).render(template, xml);
    if (JsonSize.of(body, MAX_BODY_BYTES) > MAX_BODY_BYTES) {
      throw new TemplateException("The rendered body is larger than " + MAX_BODY_BYTES + " bytes.");
    }
    return body;
  }

  /**
   * Renders a path, with a query if the template has a literal {@code ?}. The literal text must be
   * valid in a URI already; a {@code /} at its beginning is added where there is none. Values are
   * percent-encoded, each as part of one segment or query value.
   *
   * @return a path that has as many segments as the template, none of them empty (but for a slash
   *     at the end of the template) or with a part that is {@code .} or {@code ..} to a server that
   *     decodes it; no fragment
   * @throws TemplateException if a variable is missing or leaves such a segment, a placeholder is
   *     malformed, the literal text is not valid or the result too long
   */
  public static String renderPath(String template, Variables variables) {
    Resolver resolver = new Resolver(variables, PathRenderer.MAX_CHARS);
    return new PathRenderer(resolver).render(TemplateText.of(template));
  }

  /**
   * Renders the value of a header.
   *
   * @param name the header, which must be a token of RFC 9110; it is not rendered
   * @return visible ASCII, spaces and tabs
   * @throws TemplateException if a variable is missing or has other characters, a placeholder is
   *     malformed, the name is not valid or the result too long
   */
  public static String renderHeader(String name, String template, Variables variables) {
    Resolver resolver = new Resolver(variables, HeaderRenderer.MAX_CHARS);
    return new HeaderRenderer(name, resolver).render(TemplateText.of(template));
  }

  /**
   * All variables that a string names, each once, whether it must have them or not.
   *
   * @throws TemplateException if a placeholder is malformed
   */
  public static Set<String> names(String template) {
    Set<String> names = new LinkedHashSet<>();
    for (TemplateText.Part part : TemplateText.of(template).parts()) {
      if (part instanceof Placeholder placeholder) {
        names.add(placeholder.path());
      }
    }
    return names;
  }

  /**
   * All variables of a body that have no value and are not optional, each once, in the order of the
   * template.
   *
   * @throws TemplateException if a placeholder is malformed
   */
  public static List<String> missing(JsonNode template, Variables variables) {
    MissingVariables missing = new MissingVariables(variables);
    missing.collect(template, Json.MAX_DEPTH);
    return missing.found();
  }

  /**
   * The same for a path.
   *
   * @throws TemplateException if a placeholder is malformed
   */
  public static List<String> missingInPath(String template, Variables variables) {
    MissingVariables missing = new MissingVariables(variables);
    missing.collectPath(TemplateText.of(template));
    return missing.found();
  }

  /**
   * The same for the value of a header.
   *
   * @throws TemplateException if a placeholder is malformed
   */
  public static List<String> missing(String template, Variables variables) {
    MissingVariables missing = new MissingVariables(variables);
    missing.collect(TemplateText.of(template), false);
    return missing.found();
  }
}
