package io.fastyoke.integrations.providers.description;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.runtime.annotations.RegisterResources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Reads the description files, one for each provider, from the resources. */
@RegisterResources(globs = "providers/*.json")
public final class Descriptions {
  private Descriptions() {}

  /**
   * The description of one provider.
   *
   * @throws UncheckedIOException when the file does not fit the record: a mistake in the build
   */
  public static ProviderDescription read(String provider) {
    String resource = "/providers/" + provider + ".json";
    try (InputStream in = Descriptions.class.getResourceAsStream(resource)) {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build()
          .readValue(Objects.requireNonNull(in, resource), ProviderDescription.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
