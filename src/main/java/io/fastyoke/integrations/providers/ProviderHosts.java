package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.guard.HostPort;
import io.fastyoke.integrations.vault.StartRefused;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator lets a published API be found instead, at a mock for instance: {@code
 * TWILIO_API_URL}, {@code SENDGRID_API_URL} and so on, a URL in place of the provider's scheme and
 * host, in all regions.
 */
@Singleton
final class ProviderHosts {
  private final Function<String, Optional<String>> settings;

  @Inject
  ProviderHosts(Config config) {
    this(provider -> config.getOptionalValue(provider + ".api-url", String.class));
  }

  /**
   * @param settings the replacement for the provider of a name, as the operator wrote it
   */
  ProviderHosts(Function<String, Optional<String>> settings) {
    this.settings = settings;
  }

  /**
   * The replacement for a provider's host, without a slash at its end.
   *
   * @throws StartRefused when it is not such a URL
   */
  Optional<String> replacement(String provider) {
    return settings
        .apply(provider)
        .map(url -> origin(provider.toUpperCase(Locale.ROOT) + "_API_URL", url));
  }

  private static String origin(String name, String url) {
    URI uri = parse(url.strip());
    String problem = uri == null ? "is not a valid URL" : problem(uri);
    if (uri == null || problem != null) {
      throw new StartRefused(
          name
              + " "
              + problem
              + "; give an absolute http or https URL, such as https://host:port.");
    }
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static @Nullable String problem(URI uri) {
    if (!"https".equalsIgnoreCase(uri.getScheme()) && !"http".equalsIgnoreCase(uri.getScheme())) {
      return "does not begin with http:// or https://";
    }
    if (HostPort.of(uri) == null) {
      return "names no host, or a port that is no number";
    }
    boolean user = uri.getRawAuthority().indexOf('@') >= 0;
    boolean more = uri.getRawQuery() != null || uri.getRawFragment() != null;
    return user || more ? "has a user, a query or a fragment" : null;
  }

  private static @Nullable URI parse(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
