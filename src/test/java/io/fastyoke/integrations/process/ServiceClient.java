package io.fastyoke.integrations.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.identity.Jwts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Talks to replicas as one tenant's admin, or as the platform. */
public final class ServiceClient {
  /** The shared secret that the service under test has to be started with. */
  public static final String JWT_SECRET = "a shared secret of enough length for HS256";

  /** A key to encrypt with, of this run of the tests only. */
  public static final String ENCRYPTION_KEY = randomKey();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final Supplier<String> token;

  private ServiceClient(Supplier<String> token) {
    this.token = token;
  }

  /** A key that nobody else has: the service warns of one that anyone can guess. */
  public static String randomKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  public static ServiceClient tenant(String tenant) {
    return withClaims("\"tenant_id\":\"" + tenant + "\",\"role\":\"admin\"");
  }

  public static ServiceClient platform() {
    return withClaims("\"role\":\"super_admin\"");
  }

  /** Anybody, with this for a token. */
  public static ServiceClient withToken(String token) {
    return new ServiceClient(() -> token);
  }

  /** A new token for every request, since they do not live long. */
  private static ServiceClient withClaims(String claims) {
    return new ServiceClient(() -> Jwts.signedWith(JWT_SECRET, Jwts.claims(claims)));
  }

  /** Status, headers (one a line) and body. */
  public record Answer(int status, String headers, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }
  }

  /** The request as it goes over the wire, for who wants to see what happens to a connection. */
  public String raw(String method, String path, Object body) {
    try {
      byte[] json = JSON.writeValueAsBytes(body);
      return "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(method, path, token.get(), json.length, new String(json, ISO_8859_1));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends a request; a run is waited for.
   *
   * @throws UncheckedIOException when there was no answer: nobody knows what has come of it
   */
  public Answer send(URI replica, String method, String path, @Nullable Object body) {
    return send(replica, method, path, body, "wait=20");
  }

  /**
   * Makes a connection.
   *
   * @param settings empty for none
   * @return its id
   */
  public String connect(
      URI replica,
      String provider,
      String name,
      Map<String, ?> credentials,
      Map<String, ?> settings) {
    Answer created =
        send(
            replica,
            "POST",
            "/api/v1/tenant/connections",
            Map.of(
                "provider",
                provider,
                "connection_name",
                name,
                "credentials",
                credentials,
                "settings",
                settings));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().get("id").asText();
  }

  /** Makes a connection to any endpoint. */
  public String connect(URI replica, String name, String baseUrl) {
    return connect(replica, "generic_rest", name, Map.of("base_url", baseUrl), Map.of());
  }

  /** The same with another preference; {@code wait=0} waits for nothing. */
  public Answer send(
      URI replica, String method, String path, @Nullable Object body, String prefer) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(replica.resolve(path))
              .timeout(Duration.ofSeconds(60))
              .header("Authorization", "Bearer " + token.get())
              .header("Content-Type", "application/json")
              .header("Prefer", prefer)
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(JSON.writeValueAsString(body)));
      HttpResponse<String> answer =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      StringBuilder headers = new StringBuilder();
      answer
          .headers()
          .map()
          .forEach((name, values) -> headers.append(name).append(values).append('\n'));
      return new Answer(answer.statusCode(), headers.toString(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
