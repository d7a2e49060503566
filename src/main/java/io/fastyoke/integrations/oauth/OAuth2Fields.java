package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part {@code oauth2} of a connection's credentials. */
public final class OAuth2Fields {
  public static final String TOKEN_URL = "oauth2.token_url";
  public static final String CLIENT_AUTH = "oauth2.client_auth";
  public static final String SCOPE = "oauth2.scope";
  public static final String AUDIENCE = "oauth2.audience";
  private static final String CLIENT_ID = "oauth2.client_id";
  private static final String CLIENT_SECRET = "oauth2.client_secret";
  private static final String PARAMETERS = "oauth2.parameters";

  /** Fields that are parameters of the request by their own names. */
  private static final List<String> NAMED = List.of("scope", "audience");

  /** What the service writes itself. */
  private static final Set<String> TAKEN =
      Set.of("grant_type", "client_id", "client_secret", "scope", "audience");

  private OAuth2Fields() {}

  /**
   * What is wrong with them beyond their single values: paths below {@code credentials} to
   * messages.
   *
   * @param urlProblem what is wrong with an address, or null
   */
  public static Map<String, String> problems(
      Credentials credentials, UnaryOperator<@Nullable String> urlProblem) {
    Map<String, String> problems = new LinkedHashMap<>();
    credentials
        .get(TOKEN_URL)
        .map(url -> urlProblem.apply(url.asPublicText()))
        .ifPresent(message -> problems.put(TOKEN_URL, message));
    for (String name : credentials.entries(PARAMETERS)) {
      if (TAKEN.contains(name)) {
        problems.put(
            PARAMETERS + "." + name,
            NAMED.contains(name) ? "is given as oauth2." + name : "is set by the service");
      }
    }
    return problems;
  }

  /** The token endpoint of valid credentials, if they have one. */
  public static Optional<URI> tokenUrl(Credentials credentials) {
    return credentials.get(TOKEN_URL).map(url -> URI.create(url.asPublicText()));
  }

  /** Whether there are any. */
  public static boolean areIn(Credentials credentials) {
    return credentials.get(TOKEN_URL).isPresent();
  }

  /**
   * With what to ask for a token: views on the secrets of valid credentials.
   *
   * @param tls own certificates of the connection, which the token endpoint gets as well
   */
  static ClientGrant grant(Credentials credentials, @Nullable ClientTls tls) {
    Map<String, Secret> parameters = new LinkedHashMap<>();
    for (String name : NAMED) {
      credentials.get("oauth2." + name).ifPresent(value -> parameters.put(name, value));
    }
    for (String name : credentials.entries(PARAMETERS)) {
      parameters.put(name, credentials.get(PARAMETERS + "." + name).orElseThrow());
    }
    return new ClientGrant(
        tokenUrl(credentials).orElseThrow(),
        credentials.get(CLIENT_ID).orElseThrow(),
        credentials.get(CLIENT_SECRET).orElseThrow(),
        credentials.get(CLIENT_AUTH).filter(how -> how.asPublicText().equals("body")).isPresent(),
        parameters,
        tls);
  }

  /** Whether a field is an entry of {@code parameters}. */
  public static boolean isParameter(String field) {
    return field.startsWith(PARAMETERS + ".");
  }

  /** Copies of the values of {@code parameters}. */
  public static List<byte[]> parameters(Credentials credentials) {
    return credentials.entries(PARAMETERS).stream()
        .map(name -> credentials.get(PARAMETERS + "." + name).orElseThrow().expose().clone())
        .toList();
  }

  /**
   * What else gives the credentials away: the pair that HTTP Basic encodes, and the secret as it is
   * in it. The caller wipes them.
   */
  public static List<byte[]> composites(Credentials credentials) {
    return areIn(credentials)
        ? TokenRequest.composites(
            credentials.get(CLIENT_ID).orElseThrow(), credentials.get(CLIENT_SECRET).orElseThrow())
        : List.of();
  }
}
