package io.fastyoke.integrations.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir static Path folder;

  private static Settings of(String... pairs) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      given.put(pairs[i], pairs[i + 1]);
    }
    return new Settings(given.keySet(), given::get);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "  ",
        "\t\n\n",
        "\u00a0",
        "\uFEFF",
        "\u200b\n",
        "\u0085",
        "\u2028",
        "\0"
      })
  void whiteSpaceAroundAValueIsNoPartOfIt(String space) {
    Settings settings =
        of("JWT_SECRET", "a secret" + space, "DATABASE_URL", space + "postgres://h");
    assertThat(settings.get("JWT_SECRET")).contains("a secret");
    assertThat(settings.get("DATABASE_URL")).contains("postgres://h");
    assertThat(settings.corrections())
        .containsEntry("jwt.secret", "a secret")
        .containsEntry("DATABASE_URL", "postgres://h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_URL",
        "DATABASE_DIRECT_URL",
        "ENCRYPTION_KEY",
        "ENCRYPTION_KEYS_RETIRED",
        "JWT_SECRET",
        "JWT_JWKS_URL",
        "JWT_PUBLIC_KEY",
        "EGRESS_PROXY"
      })
  void everySecretMayBeInAFile(String name) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "in the file\r\n");
    assertThat(of(name + "_FILE", file.toString()).get(name)).contains("in the file");
    assertThat(of(name + "_FILE", file + "\n").check()).isEmpty();
    assertThatThrownBy(() -> of(name, "x", name + "_FILE", file.toString()).check())
        .isInstanceOf(SettingRefused.class)
        .hasMessage("%1$s and %1$s_FILE are both set: give one of them.".formatted(name));
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    assertThatThrownBy(() -> of(name + "_FILE", empty.toString()).check())
        .hasMessage(name + "_FILE names a file that is empty: " + empty);
    assertThatThrownBy(() -> of(name + "_FILE", folder.resolve("none").toString()).check())
        .hasMessage(name + "_FILE names a file that cannot be read: " + folder.resolve("none"));
  }

  /** An editor's byte order mark, and what {@code echo} writes in PowerShell. */
  @Test
  void aFileIsReadAsItsWriterMeantIt() throws IOException {
    for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE")) {
      Path file = folder.resolve("marked");
      Files.write(file, "\uFEFFs\u00e9cret\r\n".getBytes(Charset.forName(charset)));
      assertThat(of("JWT_SECRET_FILE", file.toString()).get("JWT_SECRET")).contains("s\u00e9cret");
    }
  }

  @Test
  void whatIsNoFileOfAValueIsRefused() throws IOException {
    Path large = Files.writeString(folder.resolve("large"), "x".repeat(64 * 1024 + 1));
    assertThatThrownBy(() -> of("JWT_SECRET_FILE", large.toString()).check())
        .isInstanceOf(SettingRefused.class)
        .hasMessage("JWT_SECRET_FILE names a file that is larger than 64 KiB: " + large);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 'x'});
    assertThatThrownBy(() -> of("JWT_SECRET_FILE", binary.toString()).check())
        .hasMessage("JWT_SECRET_FILE names a file that is no text in UTF-8: " + binary);
    assertThatThrownBy(() -> of("JWT_SECRET_FILE", folder.toString()).check())
        .hasMessage("JWT_SECRET_FILE names a file that cannot be read: " + folder);
  }

  /** Of a file for {@code docker --env-file}, in which quotes are part of the value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "JWT_SECRET|\"a secret of more than 32 characters\"|JWT_SECRET is in quotes: leave them out.",
        "JWT_ISSUER|'fastyoke'|JWT_ISSUER is in quotes: leave them out.",
        "PORT|\"80\"|PORT is in quotes: leave them out.",
        "JWT_SECRET|JWT_SECRET=x|JWT_SECRET begins with JWT_SECRET= itself: leave that out.",
      })
  void whatWasCopiedWithMoreThanTheValueIsRefusedByName(String name, String value, String line) {
    assertThatThrownBy(() -> of(name, value).check())
        .isInstanceOf(SettingRefused.class)
        .hasMessage(line);
  }

  /** The vault reads them itself, and keeps them out of the configuration. */
  @Test
  void keysInFilesStayOutOfTheConfiguration() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "0123\n");
    assertThat(of("ENCRYPTION_KEY_FILE", file.toString()).corrections()).isEmpty();
    assertThat(of("JWT_SECRET_FILE", file.toString()).corrections())
        .containsEntry("jwt.secret", "0123");
  }

  /** MicroProfile Config would take it for the beginning of an expression. */
  @Test
  void aDollarInASecretIsOne() {
    assertThat(of("JWT_SECRET", "a${b}$c").corrections()).containsEntry("jwt.secret", "a$${b}$$c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PORT | 80a | PORT is not a whole number: it takes a port from 0 to 65535.
          PORT | 65536 | PORT is out of range
          REQUEST_MAX_BYTES | 1 apple | REQUEST_MAX_BYTES is not a size
          REQUEST_MAX_BYTES | 0 | REQUEST_MAX_BYTES is out of range
          REQUEST_MAX_BYTES | 9G | REQUEST_MAX_BYTES is out of range
          RUN_RETENTION_DAYS | x | RUN_RETENTION_DAYS is not a whole number
          RUN_RETENTION_DAYS | 0 | RUN_RETENTION_DAYS is out of range
          EVENT_LOG_RETENTION_DAYS | 1.5 | EVENT_LOG_RETENTION_DAYS is not a whole number
          WORKER_CONCURRENCY | 0 | WORKER_CONCURRENCY is out of range
          WORKER_CONCURRENCY | 99999999999999999999 | WORKER_CONCURRENCY is not a whole number
          QUEUE_LIMIT | -1 | QUEUE_LIMIT is negative
          RATE_LIMIT_PER_TENANT | -1 | RATE_LIMIT_PER_TENANT is negative
          DATABASE_POOL_SIZE | 0 | DATABASE_POOL_SIZE is out of range
          DATABASE_MAX_LIFETIME | soon | DATABASE_MAX_LIFETIME is not a time
          DATABASE_ROLES | requires | DATABASE_ROLES is either auto or require
          EGRESS_ALLOW_HTTP | yes | EGRESS_ALLOW_HTTP is either true or false
          EGRESS_ALLOW_CIDR | 10.0.0.0/8 | EGRESS_ALLOW_CIDR is not a setting: EGRESS_ALLOW_CIDRS is.
          EGRESS_ALOW_HTTP | true | EGRESS_ALOW_HTTP is not a setting: EGRESS_ALLOW_HTTP is.
          DATABASE_URI | postgres://h | DATABASE_URI is not a setting: DATABASE_URL is.
          JWT_SECRETS_FILE | x | JWT_SECRETS_FILE is not a setting: JWT_SECRET_FILE is.
          """)
  void whatMeansNothingIsRefusedByName(String name, String value, String line) {
    assertThatThrownBy(() -> of(name, value).check())
        .isInstanceOf(SettingRefused.class)
        .hasMessageStartingWith(line);
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_MAX_BYTES, 1MB, 1048576",
    "REQUEST_MAX_BYTES, 512 KiB, 524288",
    "REQUEST_MAX_BYTES, 2m, 2097152",
    "REQUEST_MAX_BYTES, 1000, 1000",
    "DATABASE_MAX_LIFETIME, 90, PT90S",
    "DATABASE_MAX_LIFETIME, 10m, PT600S",
    "EGRESS_ALLOW_HTTP, TRUE, true",
    "PORT, +80, 80"
  })
  void otherWaysToSayTheSameAreTaken(String name, String value, String read) {
    assertThat(of(name, value).get(name)).contains(read);
  }

  @Test
  void anEmptyValueIsNone() {
    assertThat(of("PORT", "", "JWT_SECRET", " ").check()).isEmpty();
    assertThat(of("PORT", "", "WORKER_CONCURRENCY", " ").corrections())
        .containsEntry("PORT", "8080")
        .containsEntry("WORKER_CONCURRENCY", "256");
  }

  @Test
  void otherPeoplesNamesAreLeftAlone() {
    assertThat(
            of("DATABASE_PORT", "tcp://10.0.0.1:5432", "EGRESS_SERVICE_HOST", "10.0.0.1").check())
        .isEmpty();
    assertThat(of("DATABASE_URL", "postgres://h", "DATABASE_URI", "postgres://h").check())
        .isEqualTo(List.of("DATABASE_URI is not a setting: DATABASE_URL is."));
    assertThat(of("EGRESS_FIREWALL", "on").check())
        .isEqualTo(List.of("EGRESS_FIREWALL is not a setting."));
  }

  @Test
  void anAddressForTracesSwitchesThemOn() {
    String off = "quarkus.otel.sdk.disabled";
    assertThat(of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317 ").corrections())
        .containsEntry(off, "false")
        .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317");
    assertThat(of("OTEL_EXPORTER_OTLP_ENDPOINT", " ").corrections()).doesNotContainKey(off);
    assertThat(of("PORT", "1").corrections()).doesNotContainKey(off);
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4317",
    "OTEL_EXPORTER_OTLP_ENDPOINT, ftp://collector",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://me:hush@collector",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://a b",
    "OTEL_EXPORTER_OTLP_PROTOCOL, thrift",
    "OTEL_TRACES_SAMPLER_ARG, 1.5",
    "OTEL_TRACES_SAMPLER_ARG, half",
  })
  void whereTracesCannotGoIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> of(name, value).check())
        .isInstanceOf(SettingRefused.class)
        .hasMessageContaining(name)
        .hasMessageNotContaining("hush");
  }

  /** A row for each in the table of settings, with the default that the service really has. */
  @Test
  void operationsHasARowAndTheDefaultOfEachOfThem() throws IOException {
    Map<String, String> defaults =
        Files.readAllLines(Path.of("docs/operations.md")).stream()
            .map(line -> line.split("\\|"))
            .filter(cells -> cells.length == 4 && cells[1].matches(" `[A-Z][A-Z0-9_]+`¹? "))
            .collect(
                Collectors.toMap(
                    cells -> cells[1].replaceAll("[`¹ ]", ""), cells -> cells[3].strip()));
    assertThat(defaults.keySet())
        .containsExactlyInAnyOrderElementsOf(Catalogue.ALL.stream().map(Setting::name).toList());
    assertThat(Catalogue.ALL)
        .filteredOn(setting -> setting.otherwise() != null)
        .allSatisfy(
            setting ->
                assertThat(defaults.get(setting.name()))
                    .isEqualToIgnoringCase(setting.otherwise().replaceFirst("^PT", "")));
  }

  @Test
  void theReadmeNamesEachOfThem() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertThat(Catalogue.ALL)
        .allSatisfy(setting -> assertThat(readme).contains("`" + setting.name() + "`"));
  }
}
