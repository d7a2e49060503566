package io.fastyoke.integrations.database.url;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of libpq's connection parameters the service supports, refuses or ignores. */
final class UrlParameters {
  /** libpq's parameters that this service cannot honour, each with an alternative. */
  private static final Map<String, String> UNSUPPORTED =
      Map.ofEntries(
          entry("hostaddr", "put the address in host"),
          entry("service", "write out what the service file says"),
          entry("servicefile", "write out what the service file says"),
          entry("passfile", "use DATABASE_URL_FILE"),
          entry("sslcert", "log in with a password"),
          entry("sslkey", "log in with a password"),
          entry("sslpassword", "log in with a password"),
          entry("sslcrl", "leave it out"),
          entry("sslcrldir", "leave it out"),
          entry("requirepeer", "leave it out"),
          entry("require_auth", "leave it out"),
          entry("replication", "leave it out"),
          entry("oauth_issuer", "log in with a password"),
          entry("ssl_max_protocol_version", "leave it out"));

  /** Parameters of which only some values are supported. */
  private static final Map<String, Set<String>> SUPPORTED_VALUES =
      Map.of(
          "gssencmode", Set.of("disable", "prefer"),
          "sslnegotiation", Set.of("postgres"),
          "client_encoding", Set.of("utf8", "utf-8", "auto"),
          "load_balance_hosts", Set.of("disable"),
          "ssl_min_protocol_version", Set.of("", "tlsv1", "tlsv1.1", "tlsv1.2"),
          "channel_binding", Set.of("disable", "prefer", "require"));

  private static final Set<String> SUPPORTED =
      Set.of(
          "host",
          "port",
          "dbname",
          "user",
          "password",
          "sslmode",
          "ssl",
          "sslrootcert",
          "target_session_attrs",
          "options",
          "application_name",
          // Accepted and ignored: the service has its own deadlines.
          "connect_timeout");

  private UrlParameters() {}

  /** Why these parameters cannot be used; null if they can. Never quotes a value. */
  static @Nullable String refusal(Map<String, String> given) {
    for (Map.Entry<String, String> unsupported : UNSUPPORTED.entrySet()) {
      if (given.containsKey(unsupported.getKey())) {
        return "the parameter %s is not supported: %s"
            .formatted(unsupported.getKey(), unsupported.getValue());
      }
    }
    for (Map.Entry<String, Set<String>> supported : SUPPORTED_VALUES.entrySet()) {
      String value = given.get(supported.getKey());
      if (value != null && !supported.getValue().contains(value.toLowerCase(Locale.ROOT))) {
        return "this value of the parameter %s is not supported".formatted(supported.getKey());
      }
    }
    return null;
  }

  /** The names of parameters that the service does not know and ignores, in alphabetical order. */
  static List<String> notUsed(Map<String, String> given) {
    return given.keySet().stream()
        .filter(name -> !SUPPORTED.contains(name) && !SUPPORTED_VALUES.containsKey(name))
        .sorted()
        .toList();
  }
}
