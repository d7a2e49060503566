package io.fastyoke.integrations.providers;

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

/** All providers by name; made at the start, so that a bad setting of one stops it. */
@Startup(ProviderRegistry.EARLY)
@Singleton
public final class ProviderRegistry {
  /** Before anything is at work: a setting that is refused must not end it in the middle. */
  static final int EARLY = 3;

  private final Map<String, Provider> providers = new TreeMap<>();

  /** Finds every adapter that there is. */
  @Inject
  public ProviderRegistry(@Any Instance<Provider> providers) {
    this(providers.stream().toList());
  }

  /**
   * @throws IllegalArgumentException when two adapters have one name
   */
  ProviderRegistry(Collection<Provider> providers) {
    for (Provider provider : providers) {
      String name = provider.description().name();
      if (this.providers.put(name, provider) != null) {
        throw new IllegalArgumentException("two providers are named " + name);
      }
    }
  }

  /** The adapter of this name. */
  public Optional<Provider> find(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** The names, sorted. */
  public Collection<String> names() {
    return Collections.unmodifiableSet(providers.keySet());
  }

  /** The descriptions, sorted by name. */
  public List<ProviderDescription> all() {
    return providers.values().stream().map(Provider::description).toList();
  }
}
