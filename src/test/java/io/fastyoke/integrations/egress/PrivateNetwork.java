package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.support.TestAuthority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * What {@link EgressNetworkTest} runs inside a network namespace of its own, where every address is
 * this process's: it sends with the shipped settings (but for the name server) and prints what the
 * fixture said and how often the kernel began a TCP connection, whoever to and however it ended.
 */
final class PrivateNetwork {
  static final String PUBLIC = "8.8.8.8";
  static final List<String> FORBIDDEN =
      List.of("169.254.169.254", "10.1.2.3", "127.0.0.1", "fdaa::3", "64:ff9b::a00:1", "::1");
  static final int FLIPS = 500;
  private static final int PORT = 443;

  private final Map<String, Upstream> hosts = new LinkedHashMap<>();
  private final DnsStub dns = DnsStub.open();
  private final EgressFixture fixture;

  private PrivateNetwork() throws Exception {
    for (String address : FORBIDDEN) {
      hosts.put(address, Upstream.at(address, PORT));
    }
    TestAuthority authority = new TestAuthority();
    SSLContext tls = authority.server("hook.acme.com", Instant.now().plus(Duration.ofDays(1)));
    SSLServerSocket socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(PORT, 512, InetAddress.getByName(PUBLIC));
    hosts.put(PUBLIC, Upstream.on(socket));
    PemTrustOptions trust = new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem()));
    fixture =
        new EgressFixture(
            EgressFixture.Settings.NONE.dns(dns.address()),
            new ClientTuning(64, Duration.ofSeconds(5), Duration.ofSeconds(60), trust));
  }

  public static void main(String[] args) throws Exception {
    PrivateNetwork network = new PrivateNetwork();
    network.connect();
    for (String address : FORBIDDEN) {
      network.spellings(address).forEach(network::refuse);
    }
    network.pass();
    network.flip();
    network.own();
    System.exit(0);
  }

  /** Shows that the hosts are there, and that the kernel counts whoever comes. */
  private void connect() throws IOException {
    for (Map.Entry<String, Upstream> host : hosts.entrySet()) {
      long before = connectionsBegun();
      new Socket(host.getKey(), PORT).close();
      boolean accepted = EgressFixture.eventually(() -> host.getValue().connections() == 1);
      print("connect", host.getKey(), accepted, connectionsBegun() - before);
    }
  }

  /** The ways to an address: itself, a name, a name with other addresses, an alias. */
  private List<String> spellings(String address) {
    String label = address.replaceAll("[^0-9a-f]", "-") + "x";
    dns.say("name-" + label + ".acme.com", DnsStub.addresses(address));
    dns.say("first-" + label + ".acme.com", DnsStub.addresses(address, PUBLIC));
    dns.say("last-" + label + ".acme.com", DnsStub.addresses(PUBLIC, address));
    dns.say("alias-" + label + ".acme.com", DnsStub.alias("db.internal", address));
    dns.say(label + ".internal", DnsStub.addresses(address));
    List<String> urls = new ArrayList<>();
    urls.add(address.indexOf(':') < 0 ? address : "[" + address + "]");
    if (address.indexOf(':') < 0) {
      urls.add("[::ffff:" + address + "]");
      dns.say("mapped-" + label + ".acme.com", DnsStub.addresses("::ffff:" + address));
      urls.add("mapped-" + label + ".acme.com");
    }
    for (String way : List.of("name-", "first-", "last-", "alias-")) {
      urls.add(way + label + ".acme.com");
    }
    urls.add(label + ".internal");
    return urls;
  }

  private void refuse(String host) {
    ask("refuse", fixture, host);
  }

  private static void ask(String kind, EgressFixture fixture, String host) {
    long before = connectionsBegun();
    String url = "https://" + host + "/good";
    GuardDecision saved = fixture.check(url);
    Exchange sent = fixture.send(url);
    String cause = sent instanceof NotSent end ? end.cause().name() : sent.toString();
    print(kind, host, saved.status(), cause, connectionsBegun() - before);
  }

  private void pass() {
    dns.say("hook.acme.com", DnsStub.addresses(PUBLIC));
    long before = connectionsBegun();
    GuardDecision saved = fixture.check("https://hook.acme.com/good");
    Exchange sent = fixture.send("https://hook.acme.com/good");
    print(
        "pass",
        saved.status(),
        sent.getClass().getSimpleName(),
        connectionsBegun() - before,
        hosts.get(PUBLIC).requests().size());
  }

  /** Says one thing to whoever saves or asks first, and another afterwards. */
  private void flip() {
    AtomicInteger turn = new AtomicInteger();
    dns.say(
        "hook.acme.com",
        () -> DnsStub.addresses(turn.getAndIncrement() % 4 < 2 ? PUBLIC : "10.1.2.3"));
    long before = connectionsBegun();
    int publicBefore = hosts.get(PUBLIC).connections();
    int answered = 0;
    int blocked = 0;
    for (int i = 0; i < FLIPS; i++) {
      Exchange end = fixture.send("https://hook.acme.com/good");
      answered += end instanceof Exchange.Answered ? 1 : 0;
      blocked += end instanceof NotSent no && no.cause() == NotSent.Cause.BLOCKED ? 1 : 0;
    }
    print(
        "flip",
        answered,
        blocked,
        connectionsBegun() - before,
        hosts.get(PUBLIC).connections() - publicBefore);
  }

  /**
   * The public address is this machine's own here, which only the service itself looks at; and the
   * operator may open it.
   */
  private void own() {
    String name = "own.acme.com";
    dns.say(name, DnsStub.addresses(PUBLIC));
    EgressFixture.Settings settings = EgressFixture.Settings.NONE.dns(dns.address());
    try (EgressFixture asTheService = new EgressFixture(settings);
        EgressFixture opened = new EgressFixture(settings.ranges(PUBLIC + "/32"))) {
      ask("own", asTheService, name);
      ask("own", asTheService, PUBLIC);
      ask("opened", opened, name);
    }
  }

  /** {@code ActiveOpens} of RFC 4022, of this namespace: every SYN that was not one more try. */
  private static long connectionsBegun() {
    try {
      List<String> lines =
          Files.readAllLines(Path.of("/proc/self/net/snmp")).stream()
              .filter(line -> line.startsWith("Tcp: "))
              .toList();
      int column = List.of(lines.get(0).split(" ")).indexOf("ActiveOpens");
      return Long.parseLong(lines.get(1).split(" ")[column]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void print(Object... words) {
    StringBuilder line = new StringBuilder("REPORT");
    for (Object word : words) {
      line.append(' ').append(word);
    }
    System.out.println(line);
  }
}
