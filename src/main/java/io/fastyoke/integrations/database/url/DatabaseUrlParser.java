package io.fastyoke.integrations.database.url;

import io.fastyoke.integrations.database.url.DatabaseUrl.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parses a connection URI as libpq does ({@code conninfo_uri_parse} in fe-connect.c), which differs
 * from RFC 3986: it allows several hosts and any character in a name, and {@code #} is an ordinary
 * character. Messages never quote what could be part of a password.
 */
final class DatabaseUrlParser {
  private static final String ENCODE =
      "in a user name or password write / as %2F, @ as %40, : as %3A and % as %25";

  private final String setting;

  DatabaseUrlParser(String setting) {
    this.setting = setting;
  }

  DatabaseUrl parse(String given) {
    String text = given.strip();
    String rest = afterScheme(text);
    if (rest.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw refused("it holds white space: write a blank as %20");
    }
    Map<String, String> found = new HashMap<>();
    int end = firstOf(rest, "@/");
    if (end < rest.length() && rest.charAt(end) == '@') {
      login(rest.substring(0, end), found);
      rest = rest.substring(end + 1);
    }
    int hostsEnd = firstOf(rest, "/?");
    hosts(rest.substring(0, hostsEnd), found);
    rest = rest.substring(hostsEnd);
    int query = firstOf(rest, "?");
    if (query > 1) {
      found.put("dbname", decode(rest.substring(1, query)));
    }
    parameters(rest.substring(query), found);
    return url(found);
  }

  private String afterScheme(String text) {
    for (String scheme : List.of("postgres://", "postgresql://")) {
      if (text.toLowerCase(Locale.ROOT).startsWith(scheme)) {
        return text.substring(scheme.length());
      }
    }
    if (text.startsWith("\"") || text.startsWith("'")) {
      throw refused("it is in quotes: leave them out");
    }
    if (text.startsWith("jdbc:")) {
      throw refused("it is a JDBC URL: write user:password@ in front of the host, not jdbc:");
    }
    throw refused("it must start with postgres:// or postgresql://");
  }

  private void login(String text, Map<String, String> found) {
    int colon = text.indexOf(':');
    String user = decode(colon < 0 ? text : text.substring(0, colon));
    if (!user.isEmpty()) {
      found.put("user", user);
    }
    if (colon >= 0 && colon + 1 < text.length()) {
      found.put("password", decode(text.substring(colon + 1)));
    }
  }

  /** Stores the hosts as the parameters {@code host} and {@code port} would. */
  private void hosts(String text, Map<String, String> found) {
    if (text.contains("@")) {
      throw refused("there is an @ too many: " + ENCODE);
    }
    List<String> names = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int close = part.startsWith("[") ? part.indexOf(']') : 0;
      if (close < 0) {
        throw refused("the bracket around an IPv6 address is not closed");
      }
      int colon = part.indexOf(':', close);
      if (close == 0 && colon != part.lastIndexOf(':')) {
        throw refused("an IPv6 address needs brackets, as in [::1]:5432; " + ENCODE);
      }
      String name = colon < 0 ? part : part.substring(0, colon);
      names.add(decode(close > 0 ? bracketed(name, close) : name));
      ports.add(colon < 0 ? "" : decode(part.substring(colon + 1)));
    }
    if (names.stream().anyMatch(name -> !name.isEmpty())) {
      found.put("host", String.join(",", names));
    }
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      found.put("port", String.join(",", ports));
    }
  }

  private String bracketed(String name, int close) {
    if (close != name.length() - 1) {
      throw refused("there is something between an IPv6 address and its port");
    }
    return name.substring(1, close);
  }

  private void parameters(String query, Map<String, String> found) {
    if (query.length() < 2) {
      return;
    }
    for (String pair : query.substring(1).split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw refused("one of its parameters has no value: write name=value, and & as %26");
      }
      found.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
  }

  private DatabaseUrl url(Map<String, String> found) {
    String unsupported = UrlParameters.refusal(found);
    if (unsupported != null) {
      throw refused(unsupported);
    }
    String user = found.getOrDefault("user", "postgres");
    Map<String, String> session = new HashMap<>();
    for (String name : List.of("options", "application_name")) {
      String value = found.get(name);
      if (value != null) {
        session.put(name, value);
      }
    }
    return new DatabaseUrl(
        hosts(found.get("host"), found.getOrDefault("port", "")),
        new DatabaseUrl.Login(
            nonEmpty(found.get("dbname"), user),
            user,
            found.get("password"),
            "require".equals(found.get("channel_binding"))),
        tls(found),
        mustBeWritable(found.get("target_session_attrs")),
        Map.copyOf(session),
        UrlParameters.notUsed(found));
  }

  private List<Host> hosts(@Nullable String names, String ports) {
    if (names == null || names.isEmpty()) {
      throw refused("it names no host: write one behind the @, or ?host=/folder for a Unix socket");
    }
    String[] all = names.split(",", -1);
    String[] numbers = ports.split(",", -1);
    if (numbers.length != 1 && numbers.length != all.length) {
      throw refused("it names %d hosts and %d ports".formatted(all.length, numbers.length));
    }
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (all[i].isEmpty()) {
        throw refused("one of its hosts has no name");
      }
      if (all[i].startsWith("@")) {
        throw refused("an abstract Unix socket (host=@…) is not supported: name its folder");
      }
      hosts.add(new Host(all[i], port(numbers[numbers.length == 1 ? 0 : i])));
    }
    if (hosts.size() > 1 && hosts.stream().anyMatch(Host::isSocket)) {
      throw refused("a Unix socket next to other hosts is not supported");
    }
    return List.copyOf(hosts);
  }

  private int port(String text) {
    if (text.isEmpty()) {
      return DatabaseUrl.DEFAULT_PORT;
    }
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65_536) {
        return port;
      }
    }
    throw refused("what follows a host's colon is no port from 1 to 65535; " + ENCODE);
  }

  private TlsMode tls(Map<String, String> found) {
    String mode = found.get("sslmode");
    if (mode == null && found.containsKey("ssl")) {
      // JDBC's parameter, which libpq accepts, too.
      if (!"true".equals(found.get("ssl"))) {
        throw refused("write sslmode=disable instead of ssl=…");
      }
      mode = "require";
    }
    try {
      return TlsMode.of(mode, found.get("sslrootcert"));
    } catch (IllegalArgumentException e) {
      throw refused(Objects.requireNonNull(e.getMessage()));
    }
  }

  private boolean mustBeWritable(@Nullable String attributes) {
    return switch (attributes == null ? "any" : attributes) {
      case "any" -> false;
      case "read-write", "primary" -> true;
      case "read-only", "standby", "prefer-standby" ->
          throw refused(
              "the service writes: target_session_attrs=%s would not do, write read-write"
                  .formatted(attributes));
      default -> throw refused("its target_session_attrs is none of any, read-write and primary");
    };
  }

  private String decode(String text) {
    try {
      return PercentDecoder.decode(text);
    } catch (IllegalArgumentException e) {
      throw refused("a % is not followed by two hexadecimal digits: write % as %25");
    }
  }

  private static String nonEmpty(@Nullable String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }

  private static int firstOf(String text, String characters) {
    int at = 0;
    while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException(
        setting
            + " cannot be used: "
            + reason
            + ". Expected postgres://user:password@host:port/database");
  }
}
