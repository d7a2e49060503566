package io.fastyoke.integrations.nativeimage;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * Writes down each class that Jackson looks into by reflection while the tests run, for {@link
 * NativeConfigurationIT}. A part of every {@code @QuarkusTest}.
 */
@Singleton
public class JsonRecorder implements ObjectMapperCustomizer {
  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(
        new SimpleModule("native-image-recorder")
            .setSerializerModifier(new Writers())
            .setDeserializerModifier(new Readers()));
  }

  /** A class that somebody reads or writes by code of his own is not looked into. */
  private static void record(BeanDescription type, Object by) {
    if (by.getClass().getName().startsWith("com.fasterxml.jackson.")) {
      JsonRecord.add(type.getBeanClass());
    }
  }

  private static final class Writers extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription type, JsonSerializer<?> serializer) {
      record(type, serializer);
      return serializer;
    }

    @Override
    public JsonSerializer<?> modifyEnumSerializer(
        SerializationConfig config,
        JavaType valueType,
        BeanDescription type,
        JsonSerializer<?> serializer) {
      record(type, serializer);
      return serializer;
    }
  }

  private static final class Readers extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
      record(type, deserializer);
      return deserializer;
    }

    @Override
    public JsonDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription description,
        JsonDeserializer<?> deserializer) {
      record(description, deserializer);
      return deserializer;
    }
  }
}
