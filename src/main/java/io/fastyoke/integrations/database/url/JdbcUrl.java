package io.fastyoke.integrations.database.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Translates {@code DATABASE_URL} for JDBC (migrations only), without user and password. */
public final class JdbcUrl {
  private JdbcUrl() {}

  public static String of(DatabaseUrl url) {
    boolean socket = url.hosts().get(0).isSocket();
    Map<String, String> parameters = new LinkedHashMap<>();
    if (socket) {
      parameters.put("sslmode", "disable");
      parameters.put("socketFactory", UnixSockets.class.getName());
      parameters.put("socketFactoryArg", url.hosts().get(0).socket());
    } else {
      tls(url.tls(), parameters);
    }
    if (url.mustBeWritable() || url.hosts().size() > 1) {
      parameters.put("targetServerType", "primary");
    }
    if (url.bound()) {
      parameters.put("channelBinding", "require");
    }
    parameters.put("connectTimeout", "2");
    for (Map.Entry<String, String> parameter : url.session().entrySet()) {
      parameters.put(
          parameter.getKey().equals("application_name") ? "ApplicationName" : parameter.getKey(),
          parameter.getValue());
    }
    return "jdbc:postgresql://%s/%s?%s"
        .formatted(
            socket ? "localhost" : url.hostList(),
            encode(url.database()),
            parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&")));
  }

  private static void tls(TlsMode tls, Map<String, String> parameters) {
    parameters.put("sslmode", tls.mode().word());
    if (TlsMode.SYSTEM.equals(tls.roots())) {
      parameters.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else if (tls.roots() != null) {
      parameters.put("sslrootcert", tls.roots());
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
