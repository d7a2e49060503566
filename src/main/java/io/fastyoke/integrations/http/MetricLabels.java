package io.fastyoke.integrations.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Bounds the labels of HTTP metrics. Without it, clients could create time series: the framework
 * uses the raw path when it finds no template, and any method name.
 */
@Singleton
class MetricLabels implements MeterFilter {
  private static final String OTHER = "OTHER";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** The framework's values of {@code uri} for requests without a template. */
  private static final Set<String> WORDS =
      Set.of("NOT_FOUND", "REDIRECTION", "UNKNOWN", "CLIENT_ERROR", "SERVER_ERROR", "root");

  @Override
  public Meter.Id map(Meter.Id id) {
    return id.getName().startsWith("http.server.requests")
        ? id.replaceTags(id.getTags().stream().map(MetricLabels::known).toList())
        : id;
  }

  private static Tag known(Tag tag) {
    boolean known =
        switch (tag.getKey()) {
          case "uri" -> WORDS.contains(tag.getValue()) || AllowedMethods.isTemplate(tag.getValue());
          case "method" -> METHODS.contains(tag.getValue());
          default -> true;
        };
    return known ? tag : Tag.of(tag.getKey(), OTHER);
  }
}
