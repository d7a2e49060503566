package io.fastyoke.integrations.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds values against the description's schemas. Stricter than JSON Schema: an object has no
 * properties but the documented ones, unless its schema lists none or allows more.
 */
final class Shapes {
  private static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "anyOf",
          "type",
          "enum",
          "const",
          "required",
          "dependentRequired",
          "properties",
          "additionalProperties",
          "items",
          "minItems",
          "maxItems",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "description",
          "default",
          "examples",
          "writeOnly");
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final JsonNode root;

  Shapes(JsonNode root) {
    this.root = root;
  }

  /** What a reference leads to; anything else is itself. */
  JsonNode resolve(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    JsonNode target = root.at(node.get("$ref").asText().substring(1));
    if (target.isMissingNode()) {
      throw new AssertionError("a reference to nothing: " + node);
    }
    return resolve(target);
  }

  List<String> problems(JsonNode schema, JsonNode value) {
    List<String> problems = new ArrayList<>();
    check(schema, value, "", problems);
    return problems;
  }

  /** Names of keywords, below any schema, that are not checked here. */
  Set<String> unknownKeywords() {
    Set<String> unknown = new TreeSet<>();
    root.at("/components/schemas").forEach(schema -> keywords(schema, unknown));
    return unknown;
  }

  private static void keywords(JsonNode schema, Set<String> unknown) {
    schema.fieldNames().forEachRemaining(name -> unknown.add(name));
    unknown.removeAll(KNOWN);
    schema.path("properties").forEach(property -> keywords(property, unknown));
    schema.path("anyOf").forEach(choice -> keywords(choice, unknown));
    for (String below : List.of("items", "additionalProperties")) {
      if (schema.path(below).isObject()) {
        keywords(schema.get(below), unknown);
      }
    }
  }

  private void check(JsonNode raw, JsonNode value, String at, List<String> problems) {
    JsonNode schema = resolve(raw);
    if (schema.has("anyOf")) {
      boolean fits = false;
      for (JsonNode choice : schema.get("anyOf")) {
        fits |= problems(choice, value).isEmpty();
      }
      require(fits, at, "fits none of the choices: " + value, problems);
    }
    require(hasType(schema.path("type"), value), at, "is no " + schema.path("type"), problems);
    require(
        !schema.has("const") || schema.get("const").equals(value), at, "is not const", problems);
    require(isListed(schema.path("enum"), value), at, "is not listed: " + value, problems);
    if (value.isTextual()) {
      text(schema, value.textValue(), at, problems);
    } else if (value.isNumber()) {
      number(schema, value.doubleValue(), at, problems);
    } else if (value.isArray()) {
      array(schema, value, at, problems);
    } else if (value.isObject()) {
      object(schema, value, at, problems);
    }
  }

  private static boolean hasType(JsonNode type, JsonNode value) {
    if (type.isMissingNode()) {
      return true;
    }
    if (type.isArray()) {
      boolean any = false;
      for (JsonNode one : type) {
        any |= hasType(one, value);
      }
      return any;
    }
    return switch (type.asText()) {
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "null" -> value.isNull();
      default -> false;
    };
  }

  private static boolean isListed(JsonNode list, JsonNode value) {
    boolean listed = list.isMissingNode();
    for (JsonNode one : list) {
      listed |= one.equals(value);
    }
    return listed;
  }

  private static void text(JsonNode schema, String text, String at, List<String> problems) {
    int length = text.codePointCount(0, text.length());
    require(length >= schema.path("minLength").asInt(0), at, "is too short", problems);
    require(
        length <= schema.path("maxLength").asInt(Integer.MAX_VALUE), at, "is too long", problems);
    require(
        !schema.has("pattern")
            || Pattern.compile(schema.get("pattern").asText()).matcher(text).find(),
        at,
        "does not match its pattern: " + text,
        problems);
    require(hasFormat(schema.path("format").asText(), text), at, "has no format", problems);
  }

  private static boolean hasFormat(String format, String text) {
    return switch (format) {
      case "uuid" -> UUID.matcher(text).matches();
      case "date-time" -> isTime(text);
      case "uri" -> java.net.URI.create(text).isAbsolute();
      default -> true;
    };
  }

  private static boolean isTime(String text) {
    try {
      return Instant.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static void number(JsonNode schema, double number, String at, List<String> problems) {
    require(
        number >= schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
            && number <= schema.path("maximum").asDouble(Double.POSITIVE_INFINITY),
        at,
        "is out of range",
        problems);
  }

  private void array(JsonNode schema, JsonNode array, String at, List<String> problems) {
    require(
        array.size() >= schema.path("minItems").asInt(0)
            && array.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE),
        at,
        "has a size out of range",
        problems);
    for (int i = 0; i < array.size(); i++) {
      check(schema.path("items"), array.get(i), at + "[" + i + "]", problems);
    }
  }

  private void object(JsonNode schema, JsonNode object, String at, List<String> problems) {
    schema
        .path("required")
        .forEach(name -> require(object.has(name.asText()), at, "lacks " + name, problems));
    schema
        .path("dependentRequired")
        .fields()
        .forEachRemaining(
            entry ->
                entry
                    .getValue()
                    .forEach(
                        name ->
                            require(
                                !object.has(entry.getKey()) || object.has(name.asText()),
                                at,
                                "lacks " + name,
                                problems)));
    JsonNode more = schema.path("additionalProperties");
    boolean open = more.asBoolean() || (more.isMissingNode() && !schema.has("properties"));
    object
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode property = schema.path("properties").path(entry.getKey());
              if (property.isMissingNode() && more.isObject()) {
                property = more;
              }
              require(
                  open || !property.isMissingNode(),
                  at,
                  "has an undocumented " + entry.getKey(),
                  problems);
              check(property, entry.getValue(), at + "." + entry.getKey(), problems);
            });
  }

  private static void require(boolean holds, String at, String problem, List<String> problems) {
    if (!holds) {
      problems.add((at.isEmpty() ? "the value" : at) + " " + problem);
    }
  }
}
