package io.fastyoke.integrations;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.fastyoke.integrations.events.Event;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The packages of docs/architecture.md and what may happen in which. */
@AnalyzeClasses(packages = "io.fastyoke.integrations", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.fastyoke.integrations";

  /** Each package and the packages that it may use; one that is missing here is refused. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("identity", Set.of()),
          entry("egress", Set.of()),
          entry("templating", Set.of()),
          entry("redaction", Set.of()),
          entry("settings", Set.of()),
          entry("database", Set.of("identity", "settings")),
          entry("commands", Set.of("identity", "settings", "database", "egress", "vault")),
          entry("errors", Set.of("identity", "database")),
          entry("http", Set.of("identity", "database", "errors", "vault")),
          entry("vault", Set.of("identity")),
          entry("certificates", Set.of("egress", "vault")),
          entry("oauth", Set.of("identity", "egress", "vault", "certificates")),
          entry("events", Set.of("identity", "errors", "http", "database")),
          entry("metering", Set.of("identity", "errors", "http", "database")),
          entry(
              "providers",
              Set.of(
                  "identity",
                  "errors",
                  "http",
                  "egress",
                  "vault",
                  "templating",
                  "redaction",
                  "certificates",
                  "oauth")),
          entry(
              "notices",
              Set.of("identity", "errors", "http", "database", "templating", "providers")),
          entry(
              "connections",
              Set.of(
                  "notices",
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "egress",
                  "vault",
                  "events",
                  "oauth",
                  "providers")),
          entry("plan", Set.of("identity", "http", "templating", "events")),
          entry(
              "queue",
              Set.of(
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "events",
                  "metering",
                  "notices",
                  "connections",
                  "plan")),
          entry(
              "delivery",
              Set.of(
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "egress",
                  "templating",
                  "vault",
                  "events",
                  "metering",
                  "redaction",
                  "oauth",
                  "providers",
                  "connections",
                  "plan",
                  "queue")),
          entry(
              "dispatch",
              Set.of(
                  "notices",
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "events",
                  "providers",
                  "connections",
                  "plan",
                  "queue",
                  "delivery")),
          entry(
              "intake",
              Set.of(
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "egress",
                  "templating",
                  "events",
                  "plan",
                  "queue",
                  "delivery",
                  "dispatch")),
          entry(
              "runs",
              Set.of(
                  "identity",
                  "errors",
                  "http",
                  "database",
                  "egress",
                  "templating",
                  "vault",
                  "events",
                  "providers",
                  "connections",
                  "plan",
                  "queue",
                  "delivery",
                  "dispatch",
                  "intake")));

  /** Tables and the one package that writes each. */
  private static final Map<String, String> WRITERS =
      Map.of(
          "fired_requests", "queue",
          "fired_order", "queue",
          "action_runs", "queue",
          "connection_gates", "queue",
          "connections", "connections",
          "event_log", "events",
          "notice_settings", "notices",
          "pending_notices", "notices",
          "utility_ledger", "metering");

  /** Tables and the one file with their INSERT; Hibernate writes that of connections. */
  private static final Map<String, String> INSERTS =
      Map.of(
          "action_runs", "queue/EnqueueRuns.java",
          "connection_gates", "queue/RateLimitedClaims.java",
          "event_log", "events/EventRows.java",
          "utility_ledger", "metering/LedgerEntry.java");

  /** In files; more than that is two packages. */
  private static final long MAX_PACKAGE_SIZE = 35;

  @ArchTest
  static final ArchRule ROOMS_USE_ONLY_WHAT_IS_BELOW_THEM =
      classes()
          .that(not(resideInAPackage(ROOT)))
          .should(useOnlyPackagesBelow())
          .because(
              "a package that knows its users cannot be read, tested or changed alone; from the top:"
                  + " runs (the API), dispatch (what may start, and when), delivery (one attempt),"
                  + " queue (the rows of runs), plan (what a run is)");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().because("packages are layers");

  @ArchTest
  static final ArchRule TEMPLATING_IS_PURE =
      classes()
          .that()
          .resideInAPackage("..templating..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "..integrations.templating..",
                      "java.lang..",
                      "java.math..",
                      "java.nio",
                      "java.nio.charset..",
                      "java.util..",
                      "com.fasterxml.jackson..",
                      "org.jspecify..")
                  .or(inMemoryStreams()))
          .because("what job data can do must be decidable from the template alone");

  @ArchTest
  static final ArchRule ONLY_THE_VAULT_HAS_CIPHERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..vault..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("javax.crypto..")
          .because("key bytes never leave the vault; signatures of webhooks are its HmacSha256");

  /**
   * Digests name requests and chains; certificates are looked at to say why TLS failed. Keys of
   * client certificates are read in one room and used in another, in handshakes only.
   */
  @ArchTest
  static final ArchRule ONLY_VAULT_AND_IDENTITY_HAVE_KEYS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..vault..", "..identity..", "..certificates..", "..egress.tls..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.security..")
                  .and(not(resideInAPackage("java.security.cert")))
                  .and(
                      describe(
                          "that are no digest",
                          type ->
                              !Set.of(
                                      "MessageDigest",
                                      "DigestOutputStream",
                                      "NoSuchAlgorithmException")
                                  .contains(type.getSimpleName()))))
          .because("elsewhere there is nothing to sign, to verify or to keep secret");

  /**
   * The exceptions ask the operator's own addresses for keys and for rows; no tenant has a say in
   * them.
   */
  @ArchTest
  static final ArchRule ONLY_EGRESS_CALLS_OUT =
      noClasses()
          .that()
          .resideOutsideOfPackage("..egress..")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".identity.JwksDownload")
          .and()
          .haveNameNotMatching(".*\\.database\\.(GuardedDriver|url\\.UnixSockets|transport\\.).*")
          .should()
          .dependOnClassesThat(clients())
          .because("an address that was not judged, pinned and bounded may be inside (ADR 1)");

  @ArchTest
  static final ArchRule ONLY_IDENTITY_KNOWS_TOKENS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..identity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jose4j..", "io.smallrye.jwt..", "org.eclipse.microprofile.jwt..")
          .because("everybody else is given a caller");

  @ArchTest
  static final ArchRule THE_VAULT_KNOWS_NOTHING_OF_THE_WEB =
      noClasses()
          .that()
          .resideInAPackage("..vault..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta.ws.rs..",
              "io.vertx..",
              "org.jboss.resteasy..",
              "io.netty.handler..",
              "io.netty.channel..")
          .because(
              "what seals credentials is tested and reviewed alone, without a server around it");

  /** Rows of older versions and the outcomes of tests have texts of their own. */
  @ArchTest
  static final ArchRule FAILURES_HAVE_A_KNOWN_CODE =
      noClasses()
          .that()
          .haveNameNotMatching(
              ".*\\.(events\\.(EventView|Event\\$Failure)|plan\\.ProgressJson.*|connections\\.ConnectionTester)")
          .should()
          .callConstructor(Event.Failure.class, String.class, String.class)
          .because("docs/errors.md lists the codes of FailureCode and says what to do about each");

  @ArchTest
  static final ArchRule CONSTRUCTORS_INJECT =
      noFields()
          .should()
          .beAnnotatedWith(Inject.class)
          .orShould()
          .beAnnotatedWith(ConfigProperty.class)
          .because("an object is complete when it is made, in tests too");

  /**
   * What is in {@code database} runs before the service does, keys are read from files and ports
   * opened at the start, and the shutdown waits on the thread that stops the process.
   */
  @ArchTest
  static final ArchRule NOTHING_BLOCKS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..database..")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".vault.KeyRingLoader")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".settings.SettingText")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".dispatch.Shutdown")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".http.ManagementPort")
          .should()
          .callMethodWhere(blocks())
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.smallrye.common.annotation.Blocking")
          .because("few event loops serve all tenants");

  /** An exception's type says what the driver saw; it opens no connection. */
  @ArchTest
  static final ArchRule JDBC_IS_FOR_MIGRATIONS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..database..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.agroal..")
                  .and(not(assignableTo(Exception.class))))
          .because("JDBC blocks");

  @ArchTest
  static final ArchRule SECRETS_ARE_NOT_GUESSABLE =
      noClasses()
          .that()
          .resideInAnyPackage("..vault..", "..identity..")
          .should()
          .dependOnClassesThat(
              assignableTo(Random.class).and(not(assignableTo(SecureRandom.class))))
          .because("only SecureRandom is unpredictable");

  @ArchTest
  static final ArchRule CHANCE_IS_NOT_SEEDED_BY_THE_CLOCK =
      noClasses()
          .should()
          .dependOnClassesThat(
              assignableTo(Random.class)
                  .and(not(assignableTo(SecureRandom.class)))
                  .and(not(assignableTo(ThreadLocalRandom.class))))
          .orShould()
          .callMethod(Math.class, "random")
          .because("waits and identifiers of replicas would coincide");

  @ArchTest
  static final ArchRule TIME_IS_INJECTED =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat(assignableTo(Clock.class))
          .because("tests decide what time it is");

  @ArchTest
  static final ArchRule NOTHING_OF_THIS_MACHINE_IS_BUILT_IN =
      noFields()
          .that()
          .areStatic()
          .should()
          .haveRawType(assignableTo(Random.class))
          .orShould()
          .haveRawType(assignableTo(InetAddress.class))
          .because("the native executable keeps static fields as they were on the build machine");

  /** A share of the heap is one of the machine's that runs it, not of the one that built it. */
  @ArchTest
  static final ArchRule BUDGETS_ARE_WORKED_OUT_AT_RUN_TIME =
      noClasses()
          .should()
          .callMethodWhere(
              describe(
                  "ask for the heap in a static initialiser",
                  call ->
                      call.getTarget().getName().matches("maxMemory|totalMemory|heapCapacity")
                          && call.getOrigin().getName().equals("<clinit>")))
          .because("the native executable keeps static fields as they were on the build machine");

  @ArchTest
  static final ArchRule ENDPOINTS_ARE_ASYNCHRONOUS =
      methods()
          .that()
          .areMetaAnnotatedWith(HttpMethod.class)
          .should()
          .haveRawReturnType(Uni.class)
          .because("anything else runs on a worker thread");

  /** Before the logs there is only the standard error stream; a command prints its result. */
  @ArchTest
  static final ArchRule NOTHING_IS_PRINTED =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + ".StartRefusals")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".Main")
          .should(ACCESS_STANDARD_STREAMS)
          .because("logs have levels, categories and a place");

  @ArchTest
  static final ArchRule THE_POOLS_BELONG_TO_THOSE_WHO_OWN_TABLES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..identity..", "..egress..", "..templating..", "..http..", "..vault..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.mutiny.sqlclient..")
                  .and(not(assignableTo(Exception.class))))
          .because("they hold no rows");

  /** SQL is text to ArchUnit, so this one reads the sources. */
  @Test
  void onlyTheOwnerOfATableWritesIt() throws IOException {
    Path sources = Path.of("src/main/java", ROOT.split("\\."));
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        WRITERS.forEach(
            (table, owner) -> {
              if (!sources.relativize(file).startsWith(owner)) {
                assertThat(text)
                    .as(
                        "only %s writes %s: a row whose writers are in one place can be understood",
                        owner, table)
                    .doesNotContainPattern(
                        "(?i)\\b(INSERT\\s+INTO|UPDATE|DELETE\\s+FROM)\\s+" + table + "\\b");
              }
            });
        INSERTS.forEach(
            (table, owner) -> {
              if (!sources.relativize(file).equals(Path.of(owner))) {
                assertThat(text)
                    .as("%s has the one INSERT of %s: a new column is added there", owner, table)
                    .doesNotContainPattern("(?i)\\bINSERT\\s+INTO\\s+" + table + "\\b");
              }
            });
      }
    }
  }

  /**
   * Netty, and MicroProfile Config, find these by name; a moved class would be missing silently.
   */
  @Test
  void everyServiceFileNamesAClass() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/META-INF/services"))) {
      for (Path file : files.toList()) {
        Class<?> service = Class.forName(file.getFileName().toString(), false, loader());
        assertThat(Files.readAllLines(file))
            .isNotEmpty()
            .allSatisfy(
                name -> assertThat(Class.forName(name, false, loader())).isAssignableTo(service));
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassLoader loader() {
    return ArchitectureTest.class.getClassLoader();
  }

  @Test
  void noPackageIsTooLarge() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      Map<Path, Long> sizes =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .collect(groupingBy(Path::getParent, counting()));
      assertThat(sizes)
          .allSatisfy((folder, size) -> assertThat(size).isLessThanOrEqualTo(MAX_PACKAGE_SIZE));
    }
  }

  @Test
  void everyPackageSaysInOneSentenceWhatItOwns() throws IOException {
    Path sources = Path.of("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<Path> folders =
          files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).toList();
      assertThat(Set.copyOf(folders))
          .hasSizeGreaterThan(MAY_USE.size())
          .allSatisfy(
              folder ->
                  assertThat(Files.readString(folder.resolve("package-info.java")))
                      .containsPattern(
                          Pattern.compile(
                              "(?s)^/\\*\\*([^.]|\\.(?=\\w))+\\.\\s+\\*/\\s+@NullMarked")));
    }
  }

  private static ArchCondition<JavaClass> useOnlyPackagesBelow() {
    return new ArchCondition<>("use only packages below them") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Set<String> below = MAY_USE.get(packageOf(type));
        for (Dependency use : type.getDirectDependenciesFromSelf()) {
          JavaClass target = use.getTargetClass();
          if (target.getPackageName().startsWith(ROOT)
              && !packageOf(target).equals(packageOf(type))
              && (below == null || !below.contains(packageOf(target)))) {
            events.add(SimpleConditionEvent.violated(type, use.getDescription()));
          }
        }
        if (below == null) {
          events.add(SimpleConditionEvent.violated(type, packageOf(type) + " is no known package"));
        }
      }
    };
  }

  /** The first part of the name below the root; empty for the root itself, which nobody may use. */
  private static String packageOf(JavaClass type) {
    return type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "").split("\\.")[0];
  }

  private static DescribedPredicate<JavaClass> inMemoryStreams() {
    List<String> names =
        List.of("IOException", "UncheckedIOException", "OutputStream", "ByteArrayOutputStream");
    return describe(
        "streams in memory",
        type -> type.getPackageName().equals("java.io") && names.contains(type.getSimpleName()));
  }

  private static DescribedPredicate<JavaClass> clients() {
    return resideInAnyPackage(
            "java.net.http..",
            "io.netty.resolver..",
            "io.vertx.core.dns..",
            "io.vertx.core.net..",
            "io.vertx.ext.web.client..",
            "jakarta.ws.rs.client..",
            "org.eclipse.microprofile.rest.client..",
            "io.quarkus.rest.client..")
        .and(not(describe("addresses", type -> type.getSimpleName().equals("SocketAddress"))))
        .or(
            describe(
                "HTTP clients and sockets",
                type ->
                    type.getName()
                            .matches("io\\.vertx\\.(core|mutiny\\.core)\\.http\\.HttpClient.*")
                        || Set.of("java.net.Socket", "java.net.URL", "java.net.URLConnection")
                            .contains(type.getName())));
  }

  private static DescribedPredicate<JavaCall<?>> blocks() {
    return describe(
        "wait on the calling thread",
        call -> {
          JavaClass owner = call.getTargetOwner();
          String name = call.getTarget().getName();
          return owner.isEquivalentTo(Thread.class) && name.equals("sleep")
              || owner.isAssignableTo(Future.class) && Arrays.asList("get", "join").contains(name)
              || name.equals("await") && !owner.getName().startsWith(ROOT)
              || name.startsWith("executeBlocking")
              || owner.getName().startsWith("java.nio.file.Files");
        });
  }

  private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
    return DescribedPredicate.not(predicate);
  }
}
