package io.fastyoke.integrations.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.Permission;
import org.jboss.logging.Logger;

/**
 * Verifies bearer tokens in place of the extension's own provider, which checks an audience only
 * when told to, accepts weak keys by default and reads key sets on a blocking thread.
 */
@ApplicationScoped
class BearerTokens implements IdentityProvider<TokenAuthenticationRequest> {
  private static final Logger LOG = Logger.getLogger(BearerTokens.class);

  private final Verification verification;

  BearerTokens(Verification verification) {
    this.verification = verification;
  }

  @Override
  public int priority() {
    return SYSTEM_FIRST + 1;
  }

  @Override
  public Class<TokenAuthenticationRequest> getRequestType() {
    return TokenAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TokenAuthenticationRequest request, AuthenticationRequestContext context) {
    RoutingContext routing = HttpSecurityUtils.getRoutingContextAttribute(request);
    if (routing != null && authorizations(routing) > 1) {
      return Uni.createFrom().failure(refuse(new RefusedTokenException("two Authorizations")));
    }
    return verification
        .identify(request.getToken().getToken())
        .onItem()
        .transform(BearerTokens::toSecurityIdentity)
        .onFailure(RefusedTokenException.class)
        .transform(BearerTokens::refuse);
  }

  private static int authorizations(RoutingContext routing) {
    return routing.request().headers().getAll(HttpHeaders.AUTHORIZATION).size();
  }

  private static SecurityIdentity toSecurityIdentity(Identity identity) {
    QuarkusSecurityIdentity.Builder builder =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(identity.sub()))
            .addPermissionChecker(asked -> Uni.createFrom().item(holds(identity, asked)));
    if (identity.caller() != null) {
      builder.addAttribute(CurrentCaller.ATTRIBUTE, identity.caller());
    }
    return builder.build();
  }

  /** Looked up when asked for: a set of permissions for each request is dear to build. */
  private static boolean holds(Identity identity, Permission asked) {
    return identity.permissions().contains(asked.getName() + ":" + asked.getActions());
  }

  private static AuthenticationFailedException refuse(Throwable refusal) {
    LOG.debugf("Refused a token: %s", refusal.getMessage());
    return new AuthenticationFailedException();
  }
}
