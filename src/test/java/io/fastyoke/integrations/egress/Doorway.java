package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An {@link Egress} for tests, with a Vert.x of its own and settings in words. */
public final class Doorway implements AutoCloseable {
  static final Tuning TUNING = new Tuning(64, Duration.ofSeconds(1), Duration.ofSeconds(60), null);
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final Egress egress;

  Doorway(Settings settings, Tuning tuning) {
    egress = new Egress(vertx, EgressRules.read(settings), tuning);
  }

  /** As shipped. */
  public static Doorway shipped() {
    return new Doorway(Settings.NONE, TUNING);
  }

  /** With plain http and these ranges open. */
  public static Doorway allowing(String ranges) {
    return new Doorway(Settings.NONE.ranges(ranges).http("true"), TUNING);
  }

  /** The same with a pool of this size. */
  public static Doorway allowing(String ranges, int connections) {
    Tuning narrow = new Tuning(connections, Duration.ofSeconds(1), Duration.ofSeconds(60), null);
    return new Doorway(Settings.NONE.ranges(ranges).http("true"), narrow);
  }

  static Doorway allowing(String ranges, DnsStub dns) {
    return new Doorway(Settings.NONE.ranges(ranges).http("true").dns(dns.address()), TUNING);
  }

  /** The settings, each null if not set. */
  record Settings(String ranges, String http, String proxyUrl, String ports, String servers)
      implements EgressSettings {
    static final Settings NONE = new Settings(null, null, null, null, null);

    Settings ranges(String value) {
      return new Settings(value, http, proxyUrl, ports, servers);
    }

    Settings http(String value) {
      return new Settings(ranges, value, proxyUrl, ports, servers);
    }

    Settings proxy(String value) {
      return new Settings(ranges, http, value, ports, servers);
    }

    Settings ports(String value) {
      return new Settings(ranges, http, proxyUrl, value, servers);
    }

    Settings servers(String value) {
      return new Settings(ranges, http, proxyUrl, ports, value);
    }

    Settings dns(InetSocketAddress address) {
      return servers(address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    @Override
    public Optional<String> allowCidrs() {
      return Optional.ofNullable(ranges);
    }

    @Override
    public Optional<String> allowHttp() {
      return Optional.ofNullable(http);
    }

    @Override
    public Optional<String> proxy() {
      return Optional.ofNullable(proxyUrl);
    }

    @Override
    public Optional<String> allowPorts() {
      return Optional.ofNullable(ports);
    }

    @Override
    public Optional<String> dnsServers() {
      return Optional.ofNullable(servers);
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
    return new OutboundRequest(
        r.method(),
        r.target(),
        r.headers(),
        r.body(),
        Duration.ofMillis(millis),
        r.origin(),
        r.pool());
  }

  static OutboundRequest as(Origin origin, String pool, OutboundRequest r) {
    return new OutboundRequest(
        r.method(), r.target(), r.headers(), r.body(), r.deadline(), origin, pool);
  }

  public Exchange send(OutboundRequest request) {
    return egress.send(request, () -> true).await().atMost(PATIENCE);
  }

  Exchange send(String url) {
    return send(get(url));
  }

  public Judgement judge(String url) {
    return egress.judge(URI.create(url)).await().atMost(PATIENCE);
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
