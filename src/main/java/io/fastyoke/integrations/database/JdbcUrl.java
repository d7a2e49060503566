package io.fastyoke.integrations.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code DATABASE_URL} means to JDBC, which the migrations use; without user and password. */
final class JdbcUrl {
  private JdbcUrl() {}

  static String of(DatabaseUrl url) {
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
    for (Map.Entry<String, String> wish : url.session().entrySet()) {
      parameters.put(
          wish.getKey().equals("application_name") ? "ApplicationName" : wish.getKey(),
          wish.getValue());
    }
    return "jdbc:postgresql://%s/%s?%s"
        .formatted(
            socket ? "localhost" : url.places(),
            encode(url.database()),
            parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue()))
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
