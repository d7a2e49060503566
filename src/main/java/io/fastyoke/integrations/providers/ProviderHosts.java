package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.guard.HostPort;
import io.fastyoke.integrations.vault.StartRefused;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Where the operator lets the published APIs be found instead: at a mock, for instance. */
@Singleton
final class ProviderHosts {
  private final Optional<String> twilio;
  private final Optional<String> sendgrid;

  /**
   * @param twilio {@code TWILIO_API_URL}: scheme, host and port instead of Twilio's, in all regions
   * @param sendgrid {@code SENDGRID_API_URL}: the same for SendGrid
   * @throws StartRefused when one of them is not such a URL
   */
  ProviderHosts(
      @ConfigProperty(name = "twilio.api-url") Optional<String> twilio,
      @ConfigProperty(name = "sendgrid.api-url") Optional<String> sendgrid) {
    this.twilio = twilio.map(url -> origin("TWILIO_API_URL", url));
    this.sendgrid = sendgrid.map(url -> origin("SENDGRID_API_URL", url));
  }

  String twilio(String published) {
    return twilio.orElse(published);
  }

  String sendgrid(String published) {
    return sendgrid.orElse(published);
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
