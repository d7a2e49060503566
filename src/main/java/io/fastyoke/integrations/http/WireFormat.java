package io.fastyoke.integrations.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/**
 * The JSON of the API: snake_case names, no unknown fields, no duplicate keys, no silent
 * conversion, numbers with all digits, times in milliseconds. Public, so that tests without a
 * container can use the same mapper.
 */
@Singleton
public class WireFormat implements ObjectMapperCustomizer {
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxNumberLength(256)
          .maxNameLength(4096)
          .build();

  /** Last, so that these serializers of times replace the framework's. */
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.getFactory().setStreamReadConstraints(LIMITS);
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    mapper.setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);
    mapper.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    mapper.enable(
        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    mapper.setConfig(
        mapper
            .getDeserializationConfig()
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES));
    refuseCoercion(mapper);
    mapper.registerModule(new Wire());
  }

  private static void refuseCoercion(ObjectMapper mapper) {
    for (LogicalType scalar :
        List.of(LogicalType.Textual, LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
      for (CoercionInputShape shape :
          List.of(
              CoercionInputShape.String,
              CoercionInputShape.EmptyString,
              CoercionInputShape.Integer,
              CoercionInputShape.Float,
              CoercionInputShape.Boolean)) {
        if (!isNatural(scalar, shape)) {
          mapper.coercionConfigFor(scalar).setCoercion(shape, CoercionAction.Fail);
        }
      }
    }
  }

  private static boolean isNatural(LogicalType scalar, CoercionInputShape shape) {
    return switch (shape) {
      case String, EmptyString -> scalar == LogicalType.Textual;
      case Integer -> scalar == LogicalType.Integer || scalar == LogicalType.Float;
      case Float -> scalar == LogicalType.Float;
      default -> scalar == LogicalType.Boolean;
    };
  }

  private static final class Wire extends SimpleModule {
    private static final long serialVersionUID = 1L;

    Wire() {
      super("fastyoke-wire");
      addSerializer(Instant.class, new Timestamps.Writer());
      addDeserializer(Instant.class, new Timestamps.Reader());
    }

    @Override
    public void setupModule(SetupContext context) {
      super.setupModule(context);
      context.appendAnnotationIntrospector(new LowerCaseEnums());
    }
  }
}
