package io.fastyoke.integrations.settings;

import io.fastyoke.integrations.settings.SettingType.AnyText;
import io.fastyoke.integrations.settings.SettingType.Either;
import io.fastyoke.integrations.settings.SettingType.HttpAddress;
import io.fastyoke.integrations.settings.SettingType.Quantity;
import io.fastyoke.integrations.settings.SettingType.Share;
import io.fastyoke.integrations.settings.SettingType.Units;
import io.fastyoke.integrations.settings.SettingType.Whole;
import java.util.List;

/** All settings of the environment. README.md has a row for each. */
final class Catalogue {
  private static final SettingType TEXT = new AnyText();
  private static final SettingType FLAG = new Either("true", "false");

  static final List<Setting> ALL =
      List.of(
          whole("PORT", 0, 65_535, "a port").or("8080"),
          whole("MANAGEMENT_PORT", 0, 65_535, "a port"),
          whole("SHUTDOWN_DELAY_SECONDS", 0, 600, "seconds").or("3"),
          Setting.of("DATABASE_URL", TEXT).asSecret(),
          Setting.of("DATABASE_DIRECT_URL", TEXT).asSecret(),
          Setting.of("DATABASE_ROLES", new Either("auto", "require")).or("auto"),
          whole("DATABASE_POOL_SIZE", 1, 1_000, "connections").or("10"),
          whole("DATABASE_ENGINE_POOL_SIZE", 1, 1_000, "connections").or("8"),
          Setting.of("DATABASE_MAX_LIFETIME", new Quantity(Units.SECONDS, 10, 86_400)).or("PT30M"),
          Setting.of("DATABASE_IDLE_TIMEOUT", new Quantity(Units.SECONDS, 5, 86_400)).or("PT1M"),
          Setting.of("DATABASE_START_TIMEOUT", new Quantity(Units.SECONDS, 0, 3_600)).or("PT10S"),
          Setting.of("EMBEDDED_DATA_DIR", TEXT),
          Setting.of("ENCRYPTION_KEY", TEXT).as("encryption.key").asSecret(),
          Setting.of("ENCRYPTION_KEYS_RETIRED", TEXT).as("encryption.keys-retired").asSecret(),
          Setting.of("JWT_SECRET", TEXT).as("jwt.secret").asSecret(),
          Setting.of("JWT_JWKS_URL", TEXT).as("jwt.jwks-url").asSecret(),
          Setting.of("JWT_JWKS_ALLOW_HTTP", FLAG).as("jwt.jwks-allow-http").or("false"),
          Setting.of("JWT_PUBLIC_KEY", TEXT).as("jwt.public-key").asSecret(),
          Setting.of("JWT_ISSUER", TEXT).as("jwt.issuer"),
          Setting.of("JWT_AUDIENCE", TEXT).as("jwt.audience"),
          Setting.of("TWILIO_API_URL", TEXT).as("twilio.api-url"),
          Setting.of("SENDGRID_API_URL", TEXT).as("sendgrid.api-url"),
          Setting.of("EGRESS_ALLOW_CIDRS", TEXT),
          Setting.of("EGRESS_DENY_CIDRS", TEXT),
          Setting.of("EGRESS_ALLOW_HTTP", FLAG),
          Setting.of("EGRESS_ALLOW_PORTS", TEXT),
          Setting.of("EGRESS_DNS_SERVERS", TEXT),
          Setting.of("EGRESS_PROXY", TEXT).asSecret(),
          Setting.of("EGRESS_PROXY_RESOLVES", FLAG),
          whole("WORKER_CONCURRENCY", 1, 10_000, "attempts").or("256"),
          whole("QUEUE_LIMIT", 0, Integer.MAX_VALUE, "runs").or("100000"),
          whole("RUN_RETENTION_DAYS", 1, 36_500, "days").or("30"),
          whole("EVENT_LOG_RETENTION_DAYS", 0, 36_500, "days").or("0"),
          Setting.of("REQUEST_MAX_BYTES", new Quantity(Units.BYTES, 1, 1L << 30)).or("1M"),
          whole("RATE_LIMIT_PER_TENANT", 0, 1_000_000, "requests per second").or("0"),
          Setting.of("CORS_ORIGINS", TEXT),
          whole("HTTP_MAX_CONNECTIONS", 1, 1_000_000, "connections").or("4096"),
          whole("ATTEMPT_LOG_PER_SECOND", 0, 1_000_000, "lines").or("20"),
          Setting.of(Settings.TRACES, new HttpAddress()),
          Setting.of("OTEL_EXPORTER_OTLP_PROTOCOL", new Either("grpc", "http/protobuf")).or("grpc"),
          Setting.of("OTEL_EXPORTER_OTLP_HEADERS", TEXT).asSecret(),
          Setting.of("OTEL_TRACES_SAMPLER_ARG", new Share()).or("1"));

  private Catalogue() {}

  private static Setting whole(String name, long min, long max, String unit) {
    return Setting.of(name, new Whole(min, max, unit));
  }
}
