package io.fastyoke.integrations.faults;

import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import io.fastyoke.integrations.faults.Plan.Target;
import io.fastyoke.integrations.process.ServiceClient;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replicas on one database, the hosts they fire at, and proxies in between. */
final class World implements AutoCloseable {
  /** So that leases are short: an attempt's deadline and 15 s. */
  static final int TIMEOUT_MS = 1_500;

  private static final int TENANTS = 4;

  private final Server postgres;
  private final Receiver receiver = new Receiver();
  private final AtomicReference<@Nullable Supplier<Verdict>> onNextRequest =
      new AtomicReference<>();
  private final FaultProxy outside =
      new FaultProxy(receiver.port(), () -> new ByteReader(this::requested));
  private final List<Replica> replicas;
  private final List<Tenant> tenants;

  World() {
    this(2);
  }

  World(int size) {
    this(size, new Postgres());
  }

  World(int size, Server server) {
    postgres = server;
    Map<String, String> env =
        Map.of(
            "ENCRYPTION_KEY",
            ServiceClient.ENCRYPTION_KEY,
            "JWT_SECRET",
            ServiceClient.JWT_SECRET,
            "EGRESS_ALLOW_CIDRS",
            "127.0.0.0/8",
            "EGRESS_ALLOW_HTTP",
            "true",
            "TWILIO_API_URL",
            "http://127.0.0.1:" + outside.port(),
            "SENDGRID_API_URL",
            "http://127.0.0.1:" + outside.port());
    replicas =
        Stream.generate(() -> new Replica(postgres.port(), env).start()).limit(size).toList();
    tenants = IntStream.range(0, TENANTS).mapToObj(i -> Tenant.named("tenant-" + i)).toList();
    tenants.forEach(this::connect);
  }

  Server postgres() {
    return postgres;
  }

  Receiver receiver() {
    return receiver;
  }

  /** Between the replicas and the hosts they fire at. */
  FaultProxy outside() {
    return outside;
  }

  Replica replica(int number) {
    return replicas.get(number);
  }

  URI uri(int replica) {
    return replicas.get(replica).uri();
  }

  List<Replica> replicas() {
    return replicas;
  }

  List<Tenant> tenants() {
    return tenants;
  }

  /** Does something once, when the next bytes are on their way to a receiver. */
  void onNextRequest(@Nullable Supplier<Verdict> action) {
    onNextRequest.set(action);
  }

  private Verdict requested() {
    Supplier<Verdict> action = onNextRequest.getAndSet(null);
    return action == null ? Verdict.PASS : action.get();
  }

  private void connect(Tenant tenant) {
    Map<String, Object> settings = Map.of("timeout_ms", TIMEOUT_MS);
    String base = "http://127.0.0.1:" + outside.port() + "/" + tenant.name();
    Map<String, Object> rest = Map.of("base_url", base, "auth_header", "Bearer " + tenant.secret());
    create(tenant, Target.REST, "generic_rest", rest, settings);
    create(
        tenant,
        Target.LIMITED_REST,
        "generic_rest",
        rest,
        Map.of("timeout_ms", TIMEOUT_MS, "max_in_flight", 4));
    create(
        tenant,
        Target.TWILIO,
        "twilio",
        Map.of("account_sid", tenant.accountSid(), "auth_token", tenant.secret()),
        settings);
    create(tenant, Target.SENDGRID, "sendgrid", Map.of("api_key", tenant.secret()), settings);
  }

  private void create(
      Tenant tenant,
      Target target,
      String provider,
      Map<String, Object> credentials,
      Map<String, Object> settings) {
    String id =
        ServiceClient.tenant(tenant.name())
            .connect(uri(0), provider, target.name(), credentials, settings);
    tenant.connections().put(target, id);
  }

  @Override
  public void close() {
    try {
      replicas.forEach(Replica::close);
    } finally {
      outside.close();
      receiver.close();
      postgres.close();
    }
  }
}
