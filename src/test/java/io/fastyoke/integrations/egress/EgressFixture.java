package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.egress.guard.EgressRules;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** An {@link Egress} for tests, with a Vert.x of its own and settings in words. */
public final class EgressFixture implements AutoCloseable {
  static final ClientTuning TUNING =
      new ClientTuning(64, Duration.ofSeconds(1), Duration.ofSeconds(60), null);
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final Egress egress;

  EgressFixture(Settings settings, ClientTuning tuning) {
    egress = new Egress(vertx, EgressRules.read(settings), tuning);
  }

  /** As the service itself opens it, with a look at the machine it is on. */
  EgressFixture(Settings settings) {
    egress = new Egress(vertx, settings, Optional.empty());
  }

  /** As shipped. */
  public static EgressFixture shipped() {
    return new EgressFixture(Settings.NONE, TUNING);
  }

  /** With plain http and these ranges open. */
  public static EgressFixture allowing(String ranges) {
    return new EgressFixture(Settings.NONE.ranges(ranges).http("true"), TUNING);
  }

  /** The same with a pool of this size. */
  public static EgressFixture allowing(String ranges, int connections) {
    ClientTuning narrow =
        new ClientTuning(connections, Duration.ofSeconds(1), Duration.ofSeconds(60), null);
    return new EgressFixture(Settings.NONE.ranges(ranges).http("true"), narrow);
  }

  static EgressFixture allowing(String ranges, DnsStub dns) {
    return new EgressFixture(Settings.NONE.ranges(ranges).http("true").dns(dns.address()), TUNING);
  }

  /** The settings by their names, without their prefix. */
  record Settings(Map<String, String> given) implements EgressSettings {
    static final Settings NONE = new Settings(Map.of());

    /** Those that are not null. */
    static Settings of(String ranges, String http, String proxyUrl, String ports, String servers) {
      return NONE.ranges(ranges).http(http).proxy(proxyUrl).ports(ports).servers(servers);
    }

    private Settings with(String name, String value) {
      if (value == null) {
        return this;
      }
      Map<String, String> more = new HashMap<>(given);
      more.put(name, value);
      return new Settings(Map.copyOf(more));
    }

    Settings ranges(String value) {
      return with("ranges", value);
    }

    Settings denied(String value) {
      return with("denied", value);
    }

    Settings http(String value) {
      return with("http", value);
    }

    Settings proxy(String value) {
      return with("proxy", value);
    }

    Settings proxyResolves(String value) {
      return with("resolves", value);
    }

    Settings ports(String value) {
      return with("ports", value);
    }

    Settings servers(String value) {
      return with("servers", value);
    }

    Settings dns(InetSocketAddress address) {
      return servers(address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    private Optional<String> value(String name) {
      return Optional.ofNullable(given.get(name));
    }

    @Override
    public Optional<String> allowCidrs() {
      return value("ranges");
    }

    @Override
    public Optional<String> denyCidrs() {
      return value("denied");
    }

    @Override
    public Optional<String> allowHttp() {
      return value("http");
    }

    @Override
    public Optional<String> proxy() {
      return value("proxy");
    }

    @Override
    public Optional<String> proxyResolves() {
      return value("resolves");
    }

    @Override
    public Optional<String> allowPorts() {
      return value("ports");
    }

    @Override
    public Optional<String> dnsServers() {
      return value("servers");
    }
  }

  static OutboundRequest get(String url) {
    return new OutboundRequest(
        "GET", URI.create(url), List.of(), null, Duration.ofSeconds(5), Origin.TENANT, "t1");
  }

  static OutboundRequest post(String url, String body, Header... headers) {
    return new OutboundRequest(
        "POST",
        URI.create(url),
        List.of(headers),
        body.getBytes(StandardCharsets.UTF_8),
        Duration.ofSeconds(5),
        Origin.TENANT,
        "t1");
  }

  static OutboundRequest within(long millis, OutboundRequest r) {
    return r.with(r.headers(), Duration.ofMillis(millis));
  }

  static OutboundRequest as(Origin origin, String pool, OutboundRequest r) {
    return new OutboundRequest(
        r.method(), r.target(), r.headers(), r.body(), r.deadline(), origin, pool, r.tls());
  }

  public Exchange send(OutboundRequest request) {
    return egress.send(request, () -> true).await().atMost(TIMEOUT);
  }

  /** To a receiver that recognises a repetition. */
  Exchange sendRepeatable(OutboundRequest request) {
    return egress.send(request, request.deadline(), true, () -> true).await().atMost(TIMEOUT);
  }

  Exchange send(String url) {
    return send(get(url));
  }

  public GuardDecision check(String url) {
    return egress.checkBaseUrl(URI.create(url)).await().atMost(TIMEOUT);
  }

  /** Waits for what other threads bring about, without a fixed pause. */
  static boolean eventually(Supplier<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (System.nanoTime() < end) {
      if (condition.get()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Override
  public void close() {
    egress.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
