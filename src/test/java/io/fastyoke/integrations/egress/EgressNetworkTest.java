package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The forbidden addresses as they are out there, with somebody listening on each: {@link
 * PrivateNetwork} in a network namespace, and what it and its kernel saw. Linux only, and only
 * where namespaces may be made.
 */
class EgressNetworkTest {
  private static List<List<String>> report;

  @BeforeAll
  static void run() throws Exception {
    assumeTrue(
        namespaces(), "no network namespaces can be made here (unshare -rn and ip are needed)");
    List<String> output = inNamespace(javaCommand());
    report =
        output.stream()
            .filter(line -> line.startsWith("REPORT "))
            .map(line -> List.of(line.substring("REPORT ".length()).split(" ")))
            .toList();
    assertThat(report).as(String.join("\n", output)).isNotEmpty();
  }

  @Test
  void everybodyIsAtHomeAndCounted() {
    assertThat(lines("connect"))
        .containsExactlyElementsOf(
            Stream.concat(PrivateNetwork.FORBIDDEN.stream(), Stream.of(PrivateNetwork.PUBLIC))
                .map(address -> List.of("connect", address, "true", "1"))
                .toList());
  }

  @Test
  void whoIsForbiddenSeesNoSyn() {
    List<List<String>> lines = lines("refuse");
    assertThat(lines).hasSize(3 * 8 + 3 * 6);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line).endsWith("BLOCKED", "BLOCKED", "0").hasSize(5));
  }

  @Test
  void whoIsPublicIsReached() {
    assertThat(lines("pass")).containsExactly(List.of("pass", "ALLOWED", "Answered", "1", "1"));
  }

  @Test
  void aNameThatFlipsLeadsNowhereElse() {
    List<String> line = lines("flip").get(0);
    int answered = Integer.parseInt(line.get(1));
    int blocked = Integer.parseInt(line.get(2));
    assertThat(answered).isPositive();
    assertThat(blocked).isPositive();
    assertThat(answered + blocked).isEqualTo(PrivateNetwork.FLIPS);
    assertThat(line.get(3)).as("all connections were the public host's").isEqualTo(line.get(4));
  }

  /**
   * Its certificate is not one of the system's, so whoever is let through gets to the handshake.
   */
  @Test
  void theServicesOwnAddressSeesNoSynUnlessTheOperatorOpensIt() {
    assertThat(lines("own"))
        .containsExactly(
            List.of("own", "own.acme.com", "BLOCKED", "BLOCKED", "0"),
            List.of("own", PrivateNetwork.PUBLIC, "BLOCKED", "BLOCKED", "0"));
    assertThat(lines("opened"))
        .containsExactly(List.of("opened", "own.acme.com", "ALLOWED", "UNREACHABLE", "1"));
  }

  private static List<List<String>> lines(String kind) {
    return report.stream().filter(line -> line.get(0).equals(kind)).toList();
  }

  private static boolean namespaces() {
    try {
      inNamespace("true");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String javaCommand() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return Stream.of(
            java.toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            PrivateNetwork.class.getName())
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  /** Runs a command where all the addresses are those of the loopback interface. */
  private static List<String> inNamespace(String command) throws IOException {
    List<String> script = new ArrayList<>(List.of("ip link set lo up"));
    Stream.concat(PrivateNetwork.FORBIDDEN.stream(), Stream.of(PrivateNetwork.PUBLIC))
        .filter(address -> !address.equals("127.0.0.1") && !address.equals("::1"))
        .map(address -> "ip address add " + address + " dev lo")
        .forEach(script::add);
    script.add("exec " + command);
    Process process =
        new ProcessBuilder("unshare", "-rn", "sh", "-c", String.join(" && ", script))
            .redirectErrorStream(true)
            .start();
    try (Stream<String> lines = process.inputReader().lines()) {
      List<String> output = lines.toList();
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(String.join("\n", output));
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
