package io.fastyoke.integrations.identity;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * In dev mode only: a token for the tenant {@code dev}. It is logged at start, and the admin page
 * fetches it.
 */
@IfBuildProfile("dev")
@ApplicationScoped
public class DevToken {
  private static final Logger LOG = Logger.getLogger(DevToken.class);
  private static final float A_YEAR_IN_MINUTES = 365 * 24 * 60f;

  private final TokenSettings settings;

  DevToken(TokenSettings settings) {
    this.settings = settings;
  }

  void print(@Observes StartupEvent event) {
    if (TokenKeys.none(settings)) {
      LOG.infof("Tenant \"dev\", admin token:%n%nexport TOKEN=%s%n", token());
    } else {
      LOG.info("No dev token, because a JWT key is set: sign a token with that key.");
    }
  }

  void route(@Observes Router router) {
    if (!TokenKeys.none(settings)) {
      return;
    }
    // Tells the page that it may fetch the token. The page's own path is
    // rerouted to this one.
    router
        .get("/integrations.html")
        .order(-1)
        .handler(
            context -> {
              context.addHeadersEndHandler(
                  written -> context.response().putHeader("Server-Timing", "dev"));
              context.next();
            });
    router
        .get("/dev/token")
        .order(-1)
        .handler(
            context ->
                context
                    .response()
                    .putHeader("content-type", "application/json")
                    .putHeader("cache-control", "no-store")
                    .end(new JsonObject().put("token", token()).encode()));
  }

  /**
   * An admin token of the tenant {@code dev}, signed with the public development secret.
   *
   * @return empty outside of dev mode, where nothing accepts it
   */
  public static Optional<String> ifAllowed() {
    return DevMode.allowed() ? Optional.of(token()) : Optional.empty();
  }

  private static String token() {
    JwtClaims claims = new JwtClaims();
    claims.setSubject("dev");
    claims.setStringClaim("email", "dev@localhost");
    claims.setStringClaim("tenant_id", "dev");
    claims.setStringClaim("role", "admin");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(A_YEAR_IN_MINUTES);
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKey(new HmacKey(TokenKeys.DEVELOPMENT_SECRET.getBytes(StandardCharsets.UTF_8)));
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("the development secret cannot sign", e);
    }
  }
}
