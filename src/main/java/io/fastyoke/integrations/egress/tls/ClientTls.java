package io.fastyoke.integrations.egress.tls;

import java.security.GeneralSecurityException;
import java.util.function.Supplier;

/**
 * The certificates of one version of a connection's credentials. TLS connections that are made with
 * them are shared with nothing else, also their sessions are not.
 *
 * @param owner the connection; all its versions can be forgotten together
 * @param version tells it from all other versions, of whatever owner
 * @param kept whether connections are kept alive for the next request of this version
 * @param source asked when nothing is kept for this version yet, on the thread of the sender, while
 *     the credentials are open: copies what it needs of them
 */
public record ClientTls(String owner, String version, boolean kept, Supplier<Source> source) {

  /** Copies of certificates and key that have not been read yet. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads them, and wipes the copies. Called once, on a worker thread.
     *
     * @throws GeneralSecurityException if they are no certificates or keys; says nothing of them
     */
    TlsMaterial load() throws GeneralSecurityException;
  }

  @Override
  public String toString() {
    return "ClientTls[" + owner + "]";
  }
}
