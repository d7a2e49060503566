package io.fastyoke.integrations.database;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/** What {@code DATABASE_URL} means to the driver of the pools. */
final class ServerOptions {
  private static final TlsMode NO_TLS = new TlsMode(TlsMode.Mode.DISABLE, null);

  /**
   * In ms; TCP itself would try for a minute, and a new primary has to be found within 10 s, behind
   * hosts that do not answer.
   */
  private static final int CONNECT_TIMEOUT = 2_000;

  private ServerOptions() {}

  /** The same options with the first host of the URI and what it says about TLS and the session. */
  static PgConnectOptions apply(PgConnectOptions options, DatabaseUrl url) {
    DatabaseUrl.Host first = url.hosts().get(0);
    options
        // A socket's file is GuardedDriver's affair: the driver would ask for other event loops.
        .setHost(first.isSocket() ? "localhost" : first.name())
        .setPort(first.port())
        .setDatabase(url.database())
        .setUser(url.user());
    options.setConnectTimeout(CONNECT_TIMEOUT);
    if (url.password() != null) {
      options.setPassword(url.password());
    }
    url.session().forEach(options::addProperty);
    return tls(options, first.isSocket() ? NO_TLS : url.tls());
  }

  private static PgConnectOptions tls(PgConnectOptions options, TlsMode tls) {
    options.setSslMode(SslMode.of(tls.mode().word()));
    if (!tls.verifies()) {
      // libpq: these modes encrypt and ask for no proof.
      return options.setTrustAll(true);
    }
    options.setTrustAll(false).setHostnameVerificationAlgorithm("");
    if (tls.mode() == TlsMode.Mode.VERIFY_FULL) {
      options.setHostnameVerificationAlgorithm("HTTPS");
    }
    String roots = tls.roots();
    return TlsMode.SYSTEM.equals(roots)
        ? options.setTrustOptions(new SystemTrust())
        : options.setPemTrustOptions(new PemTrustOptions().addCertPath(roots));
  }
}
