package io.fastyoke.integrations.identity;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The configured token verification; built at start so that wrong settings refuse the start. */
@ApplicationScoped
class Verification {
  private static final Logger LOG = Logger.getLogger(Verification.class);
  private static final Duration JWKS_DEADLINE = Duration.ofSeconds(5);
  private static final Duration JWKS_REFRESH = Duration.ofMinutes(5);

  /** A well-formed token without claims and with an invalid signature. */
  private static final String UNSIGNED = "eyJhbGciOiJIUzI1NiJ9.e30." + "A".repeat(43);

  private final Vertx vertx;
  private final Optional<String> proxy;
  private final TokenVerifier verifier;
  private final ClaimRules rules;
  private final RecentTokens recent;

  Verification(
      TokenSettings settings,
      Vertx vertx,
      @ConfigProperty(name = "fastyoke.egress.proxy") Optional<String> proxy) {
    this.vertx = vertx;
    this.proxy = proxy;
    // Created before the keys, whose changes clear it.
    this.recent = new RecentTokens(InstantSource.system());
    this.verifier =
        new TokenVerifier(TokenKeys.choose(settings, DevMode.allowed(), this::published));
    this.rules = new ClaimRules(InstantSource.system(), settings.issuer(), settings.audience());
    if (TokenKeys.ignoresSecret(settings)) {
      LOG.warn(
          "JWT_SECRET is ignored: JWT_JWKS_URL or JWT_PUBLIC_KEY is set, and only one counts.");
    }
    if (TokenKeys.none(settings)) {
      LOG.warn("No JWT key is set: tokens signed with the public development secret are accepted.");
    }
  }

  /** Observes the start so that the constructor runs then, and can refuse it. */
  void atStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    // Warm-up: the token is refused, but the classes that verification needs are then loaded.
    identify(UNSIGNED)
        .subscribe()
        .with(
            accepted -> LOG.error("A token without a signature was accepted"),
            refused -> LOG.debug("Token verification is configured."));
  }

  /**
   * Verifies a token and reads its identity.
   *
   * @return fails with {@link RefusedTokenException} or {@link KeysUnavailableException}
   */
  Uni<Identity> identify(String token) {
    RecentTokens.Known known =
        token.length() > TokenVerifier.MAX_LENGTH ? null : recent.find(token);
    if (known != null) {
      return Uni.createFrom()
          .item(known)
          .invoke(found -> rules.check(found.claims()))
          .map(RecentTokens.Known::identity);
    }
    return verifier
        .verify(token)
        .invoke(rules::check)
        .map(
            claims -> {
              Identity identity = Identity.of(claims);
              recent.remember(token, claims, identity);
              return identity;
            });
  }

  private KeySource published(URI address) {
    JwksDownload download = new JwksDownload(vertx, address, JWKS_DEADLINE, proxy);
    JwksKeys keys = new JwksKeys(download, this::here, InstantSource.system(), recent::forget);
    subscribe(keys);
    vertx.setPeriodic(JWKS_REFRESH.toMillis(), timer -> subscribe(keys));
    return keys;
  }

  private Executor here() {
    Context context = vertx.getOrCreateContext();
    return command -> context.runOnContext(ignored -> command.run());
  }

  private static void subscribe(JwksKeys keys) {
    keys.refresh().subscribe().with(done -> LOG.debug("The key set was read."));
  }
}
