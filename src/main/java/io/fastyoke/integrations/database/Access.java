package io.fastyoke.integrations.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fastyoke.integrations.database.transport.DeadPeerTimeout;
import io.vertx.pgclient.PgConnectOptions;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How connections get their rights: detected at the start, the same for all of them.
 *
 * @param login the role that {@code DATABASE_URL} logs in as
 * @param roles whether it may switch to the two roles; otherwise it works as itself, under forced
 *     row-level security
 * @param bounded whether the server bounds transactions (transaction_timeout, PostgreSQL 17)
 * @param pooling what is in between
 */
record Access(String login, boolean roles, boolean bounded, Pooling pooling) {
  /** A pooler between the service and the database: no state may be kept in a session. */
  enum Pooling {
    /** No pooler. */
    NONE("directly"),
    /** The next session does not know the names of prepared statements. */
    WITHOUT_NAMES("through a pooler"),
    /** The pooler prepares a statement where it is used (PgBouncer: max_prepared_statements). */
    WITH_NAMES("through a pooler that keeps prepared statements");

    final String words;

    Pooling(String words) {
      this.words = words;
    }
  }

  /** Who uses a connection. */
  enum Side {
    TENANTS("fastyoke_integrations_api", Map.of("statement_timeout", "3500")),
    /**
     * Uses generic plans: planning takes longer than many of the statements, whose parameters are
     * arrays of any content. Uses no sequential scans: a plan is cached while its table grows, and
     * one from the time of an empty table would read all of it later.
     */
    ENGINE(
        "fastyoke_integrations_engine",
        Map.of("plan_cache_mode", "force_generic_plan", "enable_seqscan", "off"));

    final String role;

    /**
     * A statement must time out before {@link DeadPeerTimeout} closes its connection, because its
     * result would be lost.
     */
    @SuppressWarnings("ImmutableEnumChecker") // Map.of is
    private final Map<String, String> settings;

    Side(String role, Map<String, String> settings) {
      this.role = role;
      this.settings = settings;
    }
  }

  /** The startup parameters that every pooler accepts. */
  private static final Set<String> POOLER_PARAMETERS =
      Set.of("application_name", "client_encoding", "DateStyle");

  private static final String ENGINE_SETTING = "fastyoke.engine";

  /** In milliseconds: a client that stalls in a transaction must not keep its locks for long. */
  private static final String IDLE_IN_TRANSACTION = "5000";

  /**
   * In milliseconds, longer than any transaction of ours. A server that has got a statement, but
   * not the Sync behind it (protocol, 54.2.4), waits for its client inside of the transaction and
   * keeps the locks: that is no idle transaction to it, and no other time-out ends it.
   */
  private static final String TRANSACTION = "10000";

  /** The options for a connection of this side. */
  PgConnectOptions options(PgConnectOptions server, Side side) {
    return switch (pooling) {
      case NONE -> withSettings(new PgConnectOptions(server), settings(side));
      case WITHOUT_NAMES -> bare(server);
      case WITH_NAMES -> named(server);
    };
  }

  /** With a setting that a direct connection applies, and a pooler refuses or drops. */
  static PgConnectOptions probing(PgConnectOptions server) {
    return withSettings(
        new PgConnectOptions(server),
        Map.of("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION));
  }

  /** Without state that is kept in a session. */
  static PgConnectOptions bare(PgConnectOptions server) {
    return named(server).setCachePreparedStatements(false).setUseLayer7Proxy(true);
  }

  /** Without anything that is kept in a session but the names of prepared statements. */
  static PgConnectOptions named(PgConnectOptions server) {
    PgConnectOptions options = new PgConnectOptions(server);
    Map<String, String> properties = new HashMap<>(options.getProperties());
    properties.keySet().retainAll(POOLER_PARAMETERS);
    options.setProperties(properties);
    return options;
  }

  boolean pooled() {
    return pooling != Pooling.NONE;
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
      settings.put(ENGINE_SETTING, "on");
    }
    settings.put("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION);
    if (bounded) {
      settings.put("transaction_timeout", TRANSACTION);
    }
    settings.putAll(side.settings);
    return settings;
  }

  /** The simple query that opens a transaction of the engine. */
  String beginEngine() {
    return pooled() ? "BEGIN; SELECT " + configured(Side.ENGINE) : "BEGIN";
  }

  /** The simple query that opens a transaction of a tenant. */
  String beginTenant(String tenant) {
    // In hex, so that no tenant id can inject SQL.
    String name = HexFormat.of().formatHex(tenant.getBytes(UTF_8));
    return "BEGIN; " + setTenantSql("convert_from(decode('%s', 'hex'), 'UTF8')".formatted(name));
  }

  /**
   * The statement that sets the tenant until the end of the transaction; returns one text column.
   *
   * @param tenant an SQL expression or a parameter's placeholder
   */
  String setTenantSql(String tenant) {
    String setting = "set_config('fastyoke.tenant', %s, true)".formatted(tenant);
    return "SELECT "
        + (pooled() ? "concat(" + configured(Side.TENANTS) + ", " + setting + ")" : setting);
  }

  /** Applies the settings that a direct connection gets as startup parameters. */
  private String configured(Side side) {
    return settings(side).entrySet().stream()
        .map(s -> "set_config('%s', '%s', true)".formatted(s.getKey(), s.getValue()))
        .collect(Collectors.joining(", "));
  }
}
