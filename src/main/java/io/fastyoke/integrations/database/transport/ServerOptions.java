package io.fastyoke.integrations.database.transport;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.database.url.TlsMode;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/** Translates {@code DATABASE_URL} into the options of the reactive driver. */
public final class ServerOptions {
  private static final TlsMode NO_TLS = new TlsMode(TlsMode.Mode.DISABLE, null);

  /**
   * In ms. TCP's own limit is about a minute, but a new primary has to be found within 10 s, even
   * behind hosts that do not answer.
   */
  private static final int CONNECT_TIMEOUT = 2_000;

  private ServerOptions() {}

  /** Sets the first host, the login, the TLS mode and the session parameters of the URI. */
  public static PgConnectOptions apply(PgConnectOptions options, DatabaseUrl url) {
    DatabaseUrl.Host first = url.hosts().get(0);
    options
        // GuardedDriver connects to a Unix socket: the driver would need other event loops.
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
      // libpq: these modes encrypt, but do not verify the server.
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
