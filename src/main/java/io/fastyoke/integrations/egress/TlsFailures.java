package io.fastyoke.integrations.egress;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns TLS failures into messages that quote nothing of what the other host sent. */
final class TlsFailures {
  static final String CLIENT_CERTIFICATE =
      "TLS: the host requires a client certificate, and the connection has none.";

  private static final int MAX_DEPTH = 10;

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /** Alerts that hosts send for a missing certificate, besides {@code certificate_required}. */
  private static final Set<String> LIKELY_MISSING_CERTIFICATE =
      Set.of(
          "bad_certificate",
          "handshake_failure",
          "certificate_unknown",
          "unsupported_certificate",
          "unknown_ca",
          "access_denied");

  private TlsFailures() {}

  static boolean isTls(Throwable failure) {
    return cause(failure, SSLException.class) != null;
  }

  /**
   * Whether the host ended the connection because it requires a client certificate.
   *
   * @param asked whether the host had asked for one
   */
  static boolean wantsClientCertificate(Throwable failure, boolean asked) {
    String alert = alert(failure).orElse("");
    return alert.equals("certificate_required")
        || (asked && LIKELY_MISSING_CERTIFICATE.contains(alert));
  }

  /** Why a handshake failed. */
  static String message(Throwable failure) {
    if (cause(failure, CertificateExpiredException.class) != null) {
      return "TLS: the host's certificate has expired.";
    }
    if (cause(failure, CertificateNotYetValidException.class) != null) {
      return "TLS: the host's certificate is not valid yet.";
    }
    CertPathValidatorException path = cause(failure, CertPathValidatorException.class);
    boolean forged = path != null && path.getReason() == BasicReason.INVALID_SIGNATURE;
    if (forged || cause(failure, CertPathBuilderException.class) != null) {
      return "TLS: the host's certificate is from an unknown authority, or its chain is incomplete.";
    }
    if (path != null) {
      return "TLS: the host's certificate is not valid.";
    }
    CertificateException certificate = cause(failure, CertificateException.class);
    if (certificate != null) {
      return isAboutName(certificate)
          ? "TLS: the host's certificate is for another name."
          : "TLS: the host's certificate is not valid.";
    }
    return alert(failure).map(TlsFailures::message).orElse("TLS: the handshake failed.");
  }

  private static String message(String alert) {
    return switch (alert) {
      case "protocol_version" -> "TLS: the host offers neither TLS 1.2 nor 1.3.";
      case "unrecognized_name" -> "TLS: the host does not know the name.";
      default -> "TLS: the handshake failed.";
    };
  }

  /** The JDK has no separate exception for a name that does not match. */
  private static boolean isAboutName(CertificateException failure) {
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("subject alternative") || text.contains("no name matching");
  }

  private static Optional<String> alert(Throwable failure) {
    SSLException tls = cause(failure, SSLException.class);
    while (tls != null) {
      Matcher alert = ALERT.matcher(String.valueOf(tls.getMessage()));
      if (alert.find()) {
        return Optional.of(alert.group(1));
      }
      tls = tls.getCause() == null ? null : cause(tls.getCause(), SSLException.class);
    }
    return Optional.empty();
  }

  /**
   * Much as {@code database.Causes} does: this package uses no other. Null without such a cause.
   */
  static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
