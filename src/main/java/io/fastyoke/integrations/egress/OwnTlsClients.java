package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.LoadedTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * HTTP clients of connections that have certificates of their own: one for each version of their
 * credentials, with its own connections and its own TLS sessions, so that nobody is taken for
 * somebody else. A client is closed when nobody has used it for {@link #MAX_IDLE}.
 */
final class OwnTlsClients implements AutoCloseable {
  static final Duration MAX_IDLE = Duration.ofMinutes(1);

  private final Function<LoadedTls, PinnedHttpClient> make;
  private final Function<ClientTls.Source, LoadedTls> read;
  private final int max;
  private final LongSupplier nanos;
  private final Map<String, Client> clients = new HashMap<>();

  /**
   * @param make an HTTP client with these certificates
   * @param read how they are read
   * @param max clients that are kept; beyond that, they serve one request
   * @param nanos measures how long they are idle
   */
  OwnTlsClients(
      Function<LoadedTls, PinnedHttpClient> make,
      Function<ClientTls.Source, LoadedTls> read,
      int max,
      LongSupplier nanos) {
    this.make = make;
    this.read = read;
    this.max = max;
    this.nanos = nanos;
  }

  /** A client, and who uses it. Guarded by the lock of {@link OwnTlsClients}. */
  private static final class Client {
    private final String owner;
    private final LoadedTls tls;
    private final PinnedHttpClient http;
    private int users;
    private long usedAt;
    private boolean kept;

    private Client(String owner, LoadedTls tls, PinnedHttpClient http) {
      this.owner = owner;
      this.tls = tls;
      this.http = http;
    }
  }

  /** A client for one attempt, which gives it back when it has ended. */
  final class Lease implements AutoCloseable {
    private final Client client;

    private Lease(Client client) {
      this.client = client;
    }

    PinnedHttpClient client() {
      return client.http;
    }

    @Override
    public void close() {
      release(client);
    }
  }

  /** Takes the client of these certificates, or makes one. */
  Lease lease(ClientTls tls) {
    Client known = find(tls.version());
    if (known != null && known.tls.hasFailed()) {
      closeThose(client -> client == known);
    }
    synchronized (this) {
      Client client = find(tls.version());
      if (client == null) {
        client = made(tls);
      }
      client.users++;
      return new Lease(client);
    }
  }

  private synchronized @Nullable Client find(String version) {
    return clients.get(version);
  }

  private Client made(ClientTls tls) {
    LoadedTls loaded = read.apply(tls.source().get());
    Client client = new Client(tls.owner(), loaded, make.apply(loaded));
    client.kept = tls.kept() && hasRoom();
    if (client.kept) {
      clients.put(tls.version(), client);
    }
    return client;
  }

  /** Makes room, unless all that are kept are in use. */
  private boolean hasRoom() {
    if (clients.size() < max) {
      return true;
    }
    long now = nanos.getAsLong();
    Optional<Client> longestIdle =
        clients.values().stream()
            .filter(client -> client.users == 0)
            .max(Comparator.comparingLong(client -> now - client.usedAt));
    longestIdle.ifPresent(
        client -> {
          clients.values().remove(client);
          client.http.close();
        });
    return longestIdle.isPresent();
  }

  private void release(Client client) {
    boolean last;
    synchronized (this) {
      client.users--;
      client.usedAt = nanos.getAsLong();
      last = client.users == 0 && !client.kept;
    }
    if (last) {
      client.http.close();
    }
  }

  /** Closes the clients of an owner, those in use when their last attempt has ended. */
  void forget(String owner) {
    closeThose(client -> client.owner.equals(owner));
  }

  /** Closes the clients that have been idle for too long. */
  void sweep() {
    long now = nanos.getAsLong();
    closeThose(client -> client.users == 0 && now - client.usedAt >= MAX_IDLE.toNanos());
  }

  private void closeThose(Predicate<Client> condition) {
    List<Client> unused = new ArrayList<>();
    synchronized (this) {
      clients
          .values()
          .removeIf(
              client -> {
                boolean out = condition.test(client);
                if (out) {
                  client.kept = false;
                  if (client.users == 0) {
                    unused.add(client);
                  }
                }
                return out;
              });
    }
    unused.forEach(client -> client.http.close());
  }

  /** Clients that are kept. */
  synchronized int size() {
    return clients.size();
  }

  @Override
  public void close() {
    List<Client> all;
    synchronized (this) {
      all = List.copyOf(clients.values());
      clients.clear();
      all.forEach(client -> client.kept = false);
    }
    all.forEach(client -> client.http.close());
  }
}
