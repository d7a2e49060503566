package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns Jackson's exceptions into API errors. Jackson's messages quote values and class names, so
 * they are never passed on.
 */
final class JsonProblems {
  private JsonProblems() {}

  static RuntimeException toApi(JsonProcessingException e) {
    if (e instanceof InvalidDefinitionException) {
      return new IllegalStateException("a request type that cannot be read", e);
    }
    if (rootOf(e) instanceof ApiException known) {
      return known;
    }
    if (isRepeatedKey(e) && e.getProcessor() instanceof JsonParser parser) {
      String key = dotted(parser.getParsingContext().pathAsPointer());
      return malformed("The key " + key + " is given twice" + at(e.getLocation()) + ".");
    }
    if (e instanceof StreamConstraintsException || !(e instanceof JsonMappingException mapping)) {
      return malformed("The body is not acceptable JSON" + at(e.getLocation()) + ".");
    }
    if (mapping.getCause() instanceof InputCoercionException) {
      return ApiException.invalid(dotted(mapping.getPath()), "must be a number within range");
    }
    if (mapping.getCause() instanceof JsonProcessingException below) {
      return toApi(below);
    }
    if (isTrailing(mapping)) {
      return malformed("The body goes on after the end of its JSON value.");
    }
    return ApiException.invalid(dotted(mapping.getPath()), complaint(mapping));
  }

  /** Jackson has no exception type for it; {@code WireFormat} turns the detection on. */
  private static boolean isRepeatedKey(JsonProcessingException e) {
    return e instanceof JsonParseException && e.getOriginalMessage().startsWith("Duplicate field ");
  }

  /** A second top-level value was begun; Jackson reports that as a mismatch of the first. */
  private static boolean isTrailing(JsonMappingException e) {
    if (!(e.getProcessor() instanceof JsonParser parser)) {
      return false;
    }
    JsonStreamContext context = parser.getParsingContext();
    while (context.getParent() != null) {
      context = context.getParent();
    }
    return context.getEntryCount() > 1;
  }

  static ApiException malformed(String message) {
    return ApiException.of(ErrorCode.MALFORMED_JSON, message);
  }

  /** Such as {@code actions[0].retry}; {@code body} for the whole. */
  static String dotted(JsonPointer pointer) {
    StringBuilder path = new StringBuilder();
    for (JsonPointer p = pointer; p != null && !p.matches(); p = p.tail()) {
      boolean index = p.mayMatchElement();
      append(path, index ? null : p.getMatchingProperty(), p.getMatchingIndex());
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String dotted(List<JsonMappingException.Reference> references) {
    StringBuilder path = new StringBuilder();
    references.forEach(step -> append(path, step.getFieldName(), step.getIndex()));
    return path.isEmpty() ? "body" : path.toString();
  }

  private static void append(StringBuilder path, @Nullable String name, int index) {
    if (name == null) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }

  private static String complaint(JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return "is not a known field";
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return "must be " + expected(mismatch.getTargetType());
    }
    return "is not valid";
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (isWhole(type)) {
      return "a whole number within range";
    }
    return expectedStructure(type);
  }

  private static String expectedStructure(Class<?> type) {
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == Instant.class) {
      return "an RFC 3339 time";
    }
    if (type == UUID.class) {
      return "a UUID";
    }
    boolean list = type.isArray() || Collection.class.isAssignableFrom(type);
    return list ? "an array" : "an object";
  }

  private static boolean isWhole(Class<?> type) {
    return List.of(int.class, long.class, short.class, Integer.class, Long.class, Short.class)
            .contains(type)
        || type == BigInteger.class;
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static String at(@Nullable JsonLocation place) {
    return place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
  }
}
