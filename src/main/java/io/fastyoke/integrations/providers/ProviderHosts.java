package io.fastyoke.integrations.providers;

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
    boolean web =
        uri != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    if (uri == null
        || !web
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new StartRefused(
          name + " is not an absolute http or https URL without user, query and fragment.");
    }
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static @Nullable URI parse(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
