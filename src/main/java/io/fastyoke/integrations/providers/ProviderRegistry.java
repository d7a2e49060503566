package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.oauth.AuthorizedSender;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The client of each provider by name; made at the start, so that a bad setting stops it. */
@Startup(ProviderRegistry.EARLY)
@Singleton
public final class ProviderRegistry {
  /** Before anything is at work: a setting that is refused must not end it in the middle. */
  static final int EARLY = 3;

  private final Map<String, ProviderClient> clients = new TreeMap<>();

  /** Finds every adapter that there is. */
  @Inject
  ProviderRegistry(@Any Instance<Provider> adapters, AuthorizedSender sender) {
    this(adapters.stream().toList(), sender);
  }

  /**
   * @throws IllegalArgumentException when two adapters have one name
   */
  ProviderRegistry(Collection<Provider> adapters, AuthorizedSender sender) {
    for (Provider adapter : adapters) {
      String name = adapter.description().name();
      if (clients.put(name, new ProviderClient(adapter, sender)) != null) {
        throw new IllegalArgumentException("two providers are named " + name);
      }
    }
  }

  /** The client of the provider of this name. */
  public Optional<ProviderClient> find(String name) {
    return Optional.ofNullable(clients.get(name));
  }

  /** The names, sorted. */
  public Collection<String> names() {
    return Collections.unmodifiableSet(clients.keySet());
  }

  /** The descriptions, sorted by name. */
  public List<ProviderDescription> all() {
    return clients.values().stream().map(ProviderClient::description).toList();
  }
}
