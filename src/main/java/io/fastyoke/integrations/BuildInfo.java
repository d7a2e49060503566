package io.fastyoke.integrations;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which build a replica is, as labels of a metric that is always 1. */
@Singleton
@Startup
final class BuildInfo {
  BuildInfo(
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    Gauge.builder("fastyoke.build.info", () -> 1)
        .description("Always 1; the version, and whether it runs on a JVM or natively")
        .tag("version", version)
        .tag("runtime", ImageMode.current().isNativeImage() ? "native" : "jvm")
        .register(registry);
  }
}
