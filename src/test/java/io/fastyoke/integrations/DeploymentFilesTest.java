package io.fastyoke.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fastyoke.integrations.commands.Command;
import io.fastyoke.integrations.commands.CommandLines;
import io.fastyoke.integrations.database.DatabaseReadiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@code fly.toml}, {@code compose.yaml} and both Dockerfiles say is true of the service and
 * of each other.
 */
class DeploymentFilesTest {
  private static final JsonNode FLY = toml("fly.toml");
  private static final JsonNode COMPOSE = yaml("compose.yaml");
  private static final String JVM = text("Dockerfile");
  private static final String NATIVE = text("Dockerfile.native");
  private static final String README = text("README.md");
  private static final Properties SETTINGS = settings();

  /** A small managed database. */
  private static final int DATABASE_CONNECTIONS = 50;

  /** For administrators, backups and monitoring, besides the three that PostgreSQL reserves. */
  private static final int LEFT_FOR_PEOPLE = 10;

  private static final int MACHINES = 2;

  /**
   * The longest that {@code dispatch.Shutdown} takes after the delay: attempts, answers, idle ends.
   */
  private static final int DRAIN_SECONDS = 30 + 4 + 4 + 1;

  /** Of the JVM's heap, in the smallest container: docs/performance.md. */
  private static final int HEAP_PERCENT = 36;

  /** Measured at full load with 256 callers that wait, on a quarter of a core; in MB. */
  private static final int LIVE_MB = 91;

  /** Measured: metaspace and the part of the AOT cache that is not shared. */
  private static final int CLASSES_MB = 100;

  /** Measured: buffers of connections, the JVM's own, what malloc keeps. */
  private static final int DIRECT_MB = 60;

  private static final int THREADS = 40;

  @Test
  void flyBuildsTheNativeExecutableAndRunsItsMigrationFirst() {
    assertThat(FLY.at("/build/dockerfile").asText()).isEqualTo("Dockerfile.native");
    String command = FLY.at("/deploy/release_command").asText();
    // It replaces CMD and leaves ENTRYPOINT, so it has to be one of our commands.
    assertThat(CommandLines.read(new PrintWriter(Writer.nullWriter()), command.split(" ")))
        .contains(Command.MIGRATE);
    assertThat(NATIVE).containsPattern("(?m)^ENTRYPOINT \\[").doesNotContainPattern("(?m)^CMD ");
  }

  @Test
  void portsAreTheSameEverywhere() {
    int port = FLY.at("/env/PORT").asInt();
    int management = FLY.at("/env/MANAGEMENT_PORT").asInt();
    assertThat(port).isNotEqualTo(management).isNotZero();
    assertThat(management).isNotZero();
    for (JsonNode service : FLY.get("services")) {
      assertThat(service.get("internal_port").asInt()).isEqualTo(port);
    }
    for (JsonNode check : FLY.get("checks")) {
      assertThat(check.get("port").asInt()).isEqualTo(management);
    }
    assertThat(FLY.at("/metrics/port").asInt()).isEqualTo(management);
    for (String dockerfile : List.of(JVM, NATIVE)) {
      assertThat(matches(dockerfile, "(?m)^EXPOSE (\\d+)$")).containsExactly("" + port);
      assertThat(matches(dockerfile, "PORT=(\\d+)")).containsExactly("" + port);
      // Whoever runs the image publishes that one.
      assertThat(matches(dockerfile, "-p \\d+:(\\d+)")).containsOnly("" + port);
    }
    JsonNode service = COMPOSE.at("/services/integrations");
    assertThat(service.at("/environment/PORT").asInt()).isEqualTo(port);
    assertThat(service.at("/environment/MANAGEMENT_PORT").asInt()).isEqualTo(management);
    assertThat(service.get("ports"))
        .singleElement()
        .satisfies(published -> assertThat(published.asText()).endsWith(":" + port));
  }

  /**
   * What is public is decided by the app's addresses; here nothing may ask for more than Flycast.
   */
  @Test
  void nothingOfItIsPublic() {
    assertThat(FLY.has("http_service")).as("would listen for TLS on 443").isFalse();
    assertThat(FLY.toString()).doesNotContain("force_https", "\"tls\"");
    for (JsonNode service : FLY.get("services")) {
      assertThat(service.get("ports"))
          .singleElement()
          .satisfies(
              published -> {
                assertThat(published.get("port").asInt()).isEqualTo(80);
                assertThat(published.get("handlers"))
                    .extracting(JsonNode::asText)
                    .containsExactly("http");
              });
    }
    COMPOSE
        .at("/services/integrations/ports")
        .forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
    assertThat(COMPOSE.at("/services/postgres").has("ports")).isFalse();
    assertThat(SETTINGS.getProperty("quarkus.http.host")).isIn("0.0.0.0", "::");
  }

  @Test
  void pathsExist() {
    for (JsonNode check : FLY.get("checks")) {
      assertThat(check.get("path").asText()).isIn("/q/health/ready", "/q/health/live");
    }
    assertThat(FLY.at("/checks/ready/path").asText()).endsWith("/ready");
    assertThat(FLY.at("/metrics/path").asText()).isEqualTo("/q/metrics");
  }

  @Test
  void checksWaitForLongerThanAnAnswerTakes() {
    Duration patience = DatabaseReadiness.TIMEOUT;
    assertThat(seconds(FLY.at("/checks/ready/timeout")))
        .isGreaterThan((int) patience.toSeconds())
        .isLessThan(seconds(FLY.at("/checks/ready/interval")));
    for (JsonNode check : FLY.get("checks")) {
      assertThat(seconds(check.get("timeout"))).isLessThan(seconds(check.get("interval")));
      // Longer than the refusal of a setting takes, so that a start that ends shows as one.
      assertThat(seconds(check.get("grace_period"))).isGreaterThanOrEqualTo(15);
    }
  }

  @Test
  void whoStopsItWaitsForItsEnd() {
    int needed =
        Integer.parseInt(
                SETTINGS.getProperty("fastyoke.shutdown-delay-seconds").replaceAll("\\D", ""))
            + DRAIN_SECONDS;
    assertThat(FLY.get("kill_signal").asText()).isEqualTo("SIGTERM");
    assertThat(FLY.get("kill_timeout").asInt()).isGreaterThan(needed).isLessThanOrEqualTo(300);
    assertThat(seconds(COMPOSE.at("/services/integrations/stop_grace_period")))
        .isGreaterThan(needed);
    for (String dockerfile : List.of(JVM, NATIVE)) {
      assertThat(dockerfile).contains("STOPSIGNAL SIGTERM");
      assertThat(matches(dockerfile, "--stop-timeout (\\d+)"))
          .isNotEmpty()
          .allSatisfy(timeout -> assertThat(Integer.parseInt(timeout)).isGreaterThan(needed));
    }
  }

  /** A name that is misspelt here is one that the service never reads. */
  @Test
  void everySettingIsKnown() {
    Set<String> known = new TreeSet<>(matches(README, "`([A-Z][A-Z0-9_]+)`"));
    known.addAll(matches(text("src/main/resources/application.properties"), "\\$\\{([A-Z0-9_]+)"));
    List<String> used = new ArrayList<>();
    FLY.get("env").fieldNames().forEachRemaining(used::add);
    COMPOSE.at("/services/integrations/environment").fieldNames().forEachRemaining(used::add);
    assertThat(used).isNotEmpty();
    assertThat(used)
        .allSatisfy(name -> assertThat(known).contains(name.replaceFirst("_FILE$", "")));
  }

  /** Every file of a secret is read by a setting, and no secret has the name of a setting. */
  @Test
  void secretsAreFilesThatASettingNames() {
    Map<String, String> files =
        FLY.get("env").properties().stream()
            .filter(setting -> setting.getKey().endsWith("_FILE"))
            .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().asText()));
    assertThat(files).containsKeys("ENCRYPTION_KEY_FILE", "JWT_SECRET_FILE");
    assertThat(FLY.get("files"))
        .extracting(file -> file.get("guest_path").asText())
        .containsExactlyInAnyOrderElementsOf(files.values());
    for (JsonNode file : FLY.get("files")) {
      // Fly takes base64 for files, and puts the same text into the environment.
      assertThat(file.get("secret_name").asText()).endsWith("_BASE64");
      assertThat(text("docs/deploy-fly.md")).contains(file.get("secret_name").asText());
    }
    for (String secret : List.of("ENCRYPTION_KEY", "JWT_SECRET", "POSTGRES_PASSWORD")) {
      assertThat(text("compose.yaml")).containsPattern("\\$\\{" + secret + ":\\?");
    }
  }

  @Test
  void poolsLeaveRoomUnderTheDatabasesConnections() {
    int requests = FLY.at("/env/DATABASE_POOL_SIZE").asInt();
    int engine = FLY.at("/env/DATABASE_ENGINE_POOL_SIZE").asInt();
    int migrations = Integer.parseInt(SETTINGS.getProperty("quarkus.datasource.jdbc.max-size"));
    int listens = 1;
    assertThat(requests).isPositive();
    assertThat(engine).isPositive();
    assertThat(FLY.at("/deploy/strategy").asText()).isEqualTo("rolling");
    assertThat(FLY.at("/deploy/max_unavailable").asInt()).isEqualTo(1);
    int machines = MACHINES * (requests + engine + listens + migrations);
    assertThat(machines + migrations)
        .isLessThanOrEqualTo(DATABASE_CONNECTIONS - 3 - LEFT_FOR_PEOPLE);
    // The comment beside it says the same.
    assertThat(text("fly.toml")).contains("while it migrates) = " + machines);
  }

  /** A start that fails is tried again, and runs are retried by machines that are awake. */
  @Test
  void machinesStayAwakeAndComeBack() {
    for (JsonNode service : FLY.get("services")) {
      assertThat(service.get("auto_stop_machines").asText()).isEqualTo("off");
    }
    assertThat(FLY.get("restart"))
        .allSatisfy(restart -> assertThat(restart.get("policy").asText()).isEqualTo("on-failure"));
    assertThat(COMPOSE.at("/services/integrations/restart").asText()).isEqualTo("unless-stopped");
  }

  /** The smallest machine is one of 256 MB; the binary itself and what is outside of the heap. */
  @Test
  void theNativeHeapLeavesRoomForWhatIsOutsideOfIt() {
    List<String> percents = matches(NATIVE, "\"-XX:MaximumHeapSizePercent=(\\d+)\"");
    assertThat(percents).hasSize(1);
    int percent = Integer.parseInt(percents.get(0));
    int smallest = 256;
    assertThat(smallest - smallest * percent / 100).as("MB outside of the heap").isGreaterThan(128);
    assertThat(FLY.at("/vm/0/memory").asText()).isIn("256mb", "512mb", "1gb");
    assertThat(text("docs/operations.md")).contains(percent + " %");
  }

  /**
   * What is measured is what the image starts; what differs belongs to the JDK 25 and its cache.
   */
  @Test
  void theBenchmarkMeasuresTheImagesOptions() {
    List<String> image = options(JVM, "JAVA_OPTS=\"(-XX:[^\"]+)\"");
    List<String> measured = benchmarkOptions();
    int limit = memoryLimit();
    String percent = "RAMPercentage=" + HEAP_PERCENT;
    assertThat(image).contains("-XX:Initial" + percent, "-XX:Max" + percent);
    int heap = limit * HEAP_PERCENT / 100;
    assertThat(measured).contains("-Xms" + heap + "m", "-Xmx" + heap + "m");
    assertThat(measured)
        .filteredOn(option -> !option.startsWith("-Xm") && !option.contains("Unrecognized"))
        .isSubsetOf(image);
    assertThat(text("bench/src/main/java/io/fastyoke/integrations/bench/Packaged.java"))
        .contains("-XX:+UseCompactObjectHeaders", "--sun-misc-unsafe-memory-access=allow");
    assertThat(image)
        .contains(
            "-XX:AOTCache=/deployments/app.aot",
            "-XX:ArchiveRelocationMode=0",
            "-XX:+UseCompactObjectHeaders")
        .doesNotContain("--enable-native-access=ALL-UNNAMED"); // forbids the cache
    assertThat(text("docker/Training.java")).contains("-XX:+UseCompactObjectHeaders");
  }

  /** A JVM says itself which heap it makes of the image's options in a container with the limit. */
  @Test
  void theHeapHasItsSizeFromTheBeginningAndLeavesRoomForWhatIsOutsideOfIt() throws IOException {
    int limit = memoryLimit();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(JVM, "JAVA_OPTS=\"(-XX:[^\"]+)\""));
    command.removeIf(option -> option.startsWith("--") || option.contains("AOTCache"));
    command.addAll(
        List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:MaxRAM=" + limit + "m",
            "-XX:+PrintFlagsFinal",
            "-version"));
    Process java =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String flags = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    long heap = flag(flags, "MaxHeapSize") >> 20;
    // Otherwise it stays at a 64th of the memory: the policy that would let it grow is off.
    assertThat(flag(flags, "InitialHeapSize") >> 20).isEqualTo(heap);
    assertThat(heap).isEqualTo(limit * HEAP_PERCENT / 100);
    assertThat(LIVE_MB).as("MB alive at full load").isLessThanOrEqualTo((int) (heap * 2 / 3));
    long threads = THREADS * flag(flags, "ThreadStackSize") / 1024;
    long code = flag(flags, "ReservedCodeCacheSize") >> 20;
    assertThat(heap + threads + code + CLASSES_MB + DIRECT_MB).isLessThanOrEqualTo(limit);
    assertThat(COMPOSE.at("/services/integrations/mem_limit").asText()).isEqualTo(limit + "m");
    assertThat(text("docs/operations.md")).contains(limit + " MB", HEAP_PERCENT + " %");
  }

  private static int memoryLimit() {
    return Integer.parseInt(lastOf(JVM, "--memory (\\d+)m"));
  }

  private static List<String> benchmarkOptions() {
    String source = text("bench/src/main/java/io/fastyoke/integrations/bench/Packaged.java");
    int begin = source.indexOf("\"BENCH_JAVA_OPTS\",");
    String literals = source.substring(begin, source.indexOf(';', begin));
    return matches(literals, "(-X[^\\s\"]+)");
  }

  private static List<String> options(String text, String pattern) {
    return List.of(lastOf(text, pattern).split(" "));
  }

  private static long flag(String flags, String name) {
    return Long.parseLong(lastOf(flags, " " + name + " += (\\d+)"));
  }

  /** One JDK builds, trains and runs: what the training leaves is of no use to another. */
  @Test
  void theImageIsTrainedByTheJdkThatItRunsOn() {
    assertThat(matches(JVM, "(?m)^FROM \\S+/(\\S+)"))
        .containsExactly("openjdk-25:1.24", "openjdk-25-runtime:1.24");
    assertThat(JVM)
        .contains("javac -d docker docker/Training.java", "/training/train /deployments");
    assertThat(JVM.indexOf("USER 185")).isLessThan(JVM.indexOf("/training/train"));
    assertThat(Path.of("docker/train")).isExecutable();
    assertThat(JVM).contains("-jar /deployments/quarkus-run.jar").contains("exec java ");
  }

  @Test
  void imagesRunAsSomebodyWithoutRights() {
    assertThat(lastOf(JVM, "(?m)^USER (\\w+)$")).isEqualTo("185");
    assertThat(lastOf(NATIVE, "(?m)^USER (\\w+)$")).isEqualTo("1001");
    for (String dockerfile : List.of(JVM, NATIVE)) {
      assertThat(matches(dockerfile, "(?m)^FROM (\\S+)"))
          .hasSize(2)
          .allMatch(image -> image.matches("(registry\\.access\\.redhat\\.com|quay\\.io)/.+:[^:]+"))
          .noneMatch(image -> image.endsWith(":latest"));
      assertThat(lastOf(dockerfile, "(?m)^FROM (\\S+)")).contains("ubi9").doesNotContain("builder");
    }
    assertThat(COMPOSE.at("/services/integrations/read_only").asBoolean()).isTrue();
    assertThat(COMPOSE.at("/services/integrations/tmpfs/0").asText()).isEqualTo("/tmp");
  }

  /** What the image needs to be built is not ignored. */
  @Test
  void whatIsCopiedIsThere() {
    for (String dockerfile : List.of(JVM, NATIVE)) {
      for (String source :
          matches(dockerfile, "(?m)^COPY (?:--\\S+ )*((?!--from)\\S+(?: \\S+)*) \\S+$")) {
        for (String each : source.split(" ")) {
          if (!each.startsWith("/") && !each.startsWith("--")) {
            assertThat(Path.of(each)).exists();
          }
        }
      }
    }
    assertThat(COMPOSE.at("/services/integrations/build/dockerfile").asText())
        .isEqualTo("${DOCKERFILE:-Dockerfile}");
    assertThat(text(".dockerignore").lines())
        .contains("!src", "!pom.xml", "!mvnw", "!.mvn")
        .contains("!docker");
  }

  private static int seconds(JsonNode duration) {
    Matcher number = Pattern.compile("(\\d+)s").matcher(duration.asText());
    assertThat(number.matches()).as(duration.toString()).isTrue();
    return Integer.parseInt(number.group(1));
  }

  private static List<String> matches(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String lastOf(String text, String pattern) {
    List<String> all = matches(text, pattern);
    return all.get(all.size() - 1);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode toml(String file) {
    try {
      return new TomlMapper().readTree(text(file));
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  private static JsonNode yaml(String file) {
    try {
      return new YAMLMapper().readTree(text(file));
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  private static Properties settings() {
    Properties settings = new Properties();
    try (var in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      settings.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return settings;
  }
}
