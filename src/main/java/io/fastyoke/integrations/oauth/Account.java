package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.vault.Credentials;
import java.util.UUID;

/**
 * On whose behalf a request is sent.
 *
 * @param credentials open, and so until the request has ended
 * @param version which version of the connection's credentials these are
 */
public record Account(TenantId tenant, Credentials credentials, CredentialVersion version) {

  /** One of a stored connection. */
  public static Account of(
      TenantId tenant, UUID connection, byte[] sealed, Credentials credentials) {
    return new Account(tenant, credentials, new CredentialVersion(connection, sealed));
  }
}
