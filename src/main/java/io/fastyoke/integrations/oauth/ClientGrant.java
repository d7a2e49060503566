package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.vault.Secret;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * With what a client asks for a token (RFC 6749, section 4.4). The secrets are views on open
 * credentials.
 *
 * @param tokenUrl the token endpoint, as it is judged and called
 * @param id the client's identifier
 * @param secret its password
 * @param inBody whether both go into the body; else into HTTP Basic (RFC 6749, section 2.3.1)
 * @param parameters what else the body says, such as {@code scope}, in this order
 * @param tls own certificates of the connection; null without
 */
public record ClientGrant(
    URI tokenUrl,
    Secret id,
    Secret secret,
    boolean inBody,
    Map<String, Secret> parameters,
    @Nullable ClientTls tls) {}
