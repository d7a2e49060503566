package io.fastyoke.integrations.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.pgclient.PgConnectOptions;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How connections come to their rights: found out at the start, the same for all of them.
 *
 * @param login the role that {@code DATABASE_URL} logs in as
 * @param roles whether it may work under the two roles; otherwise it works as itself, held by
 *     forced row-level security
 * @param pooled whether a pooler stands in between, so that nothing may be kept in a session
 */
record Access(String login, boolean roles, boolean pooled) {
  /** Who works on a connection. */
  enum Side {
    TENANTS("fastyoke_integrations_api", Map.of("statement_timeout", "3500")),
    /**
     * The parameters of its statements are arrays of whatever is there: no plan fits one of them
     * better than another, and making one takes longer than many of them run. A plan is kept while
     * its table grows: one that was made when there was next to nothing must not read all of it
     * later.
     */
    ENGINE(
        "fastyoke_integrations_engine",
        Map.of("plan_cache_mode", "force_generic_plan", "enable_seqscan", "off"));

    final String role;

    /**
     * A statement must end below the silence after which a connection is given up ({@link
     * DeadPeerTimeout}): nobody waits for it any more.
     */
    @SuppressWarnings("ImmutableEnumChecker") // Map.of is
    private final Map<String, String> settings;

    Side(String role, Map<String, String> settings) {
      this.role = role;
      this.settings = settings;
    }
  }

  /** All that a pooler lets through at the start of a connection. */
  private static final Set<String> WELCOME =
      Set.of("application_name", "client_encoding", "DateStyle");

  private static final String ENGINE_MARK = "fastyoke.engine";

  /** In milliseconds: the locks of a client that stops in the middle would hold up all others. */
  private static final String IDLE_IN_TRANSACTION = "5000";

  /** The options for a connection of this side. */
  PgConnectOptions options(PgConnectOptions server, Side side) {
    PgConnectOptions options = new PgConnectOptions(server);
    return pooled ? bare(options) : withSettings(options, settings(side));
  }

  /** With what a direct connection may be given, and a pooler refuses or does not apply. */
  static PgConnectOptions probing(PgConnectOptions server) {
    return withSettings(
        new PgConnectOptions(server),
        Map.of("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION));
  }

  /** Without anything that is kept in a session. */
  static PgConnectOptions bare(PgConnectOptions server) {
    PgConnectOptions options = new PgConnectOptions(server);
    Map<String, String> properties = new HashMap<>(options.getProperties());
    properties.keySet().retainAll(WELCOME);
    options.setProperties(properties);
    options.setCachePreparedStatements(false);
    options.setUseLayer7Proxy(true);
    return options;
  }

  private static PgConnectOptions withSettings(
      PgConnectOptions options, Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>(options.getProperties());
    properties.putAll(settings);
    options.setProperties(properties);
    return options;
  }

  private Map<String, String> settings(Side side) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (roles) {
      settings.put("role", side.role);
    } else if (side == Side.ENGINE) {
      settings.put(ENGINE_MARK, "on");
    }
    settings.put("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION);
    settings.putAll(side.settings);
    return settings;
  }

  /** What opens a transaction of the engine, as one simple query. */
  String beginEngine() {
    return pooled ? "BEGIN; SELECT " + configured(Side.ENGINE) : "BEGIN";
  }

  /** What opens a transaction of a tenant, as one simple query. */
  String beginTenant(String tenant) {
    // In hex: nothing that a tenant may be called means anything to SQL.
    String name = HexFormat.of().formatHex(tenant.getBytes(UTF_8));
    return "BEGIN; " + enterTenant("convert_from(decode('%s', 'hex'), 'UTF8')".formatted(name));
  }

  /**
   * What opens the wall for a tenant until the end of the transaction; answers with one text.
   *
   * @param tenant an expression, or the mark of a parameter
   */
  String enterTenant(String tenant) {
    String wall = "set_config('fastyoke.tenant', %s, true)".formatted(tenant);
    return "SELECT " + (pooled ? "concat(" + configured(Side.TENANTS) + ", " + wall + ")" : wall);
  }

  /** Sets what a direct connection has from its start. */
  private String configured(Side side) {
    return settings(side).entrySet().stream()
        .map(s -> "set_config('%s', '%s', true)".formatted(s.getKey(), s.getValue()))
        .collect(Collectors.joining(", "));
  }
}
