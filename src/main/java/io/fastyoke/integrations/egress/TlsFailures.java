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

/** Says what TLS failed of, in words that quote nothing of what the other host sent. */
final class TlsFailures {
  static final String CLIENT_CERTIFICATE =
      "TLS: the host requires a client certificate, and the connection has none.";

  private static final int DEEPEST = 10;

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /** What hosts say that miss a certificate, besides {@code certificate_required}. */
  private static final Set<String> PERHAPS_FOR_WANT_OF_ONE =
      Set.of(
          "bad_certificate",
          "handshake_failure",
          "certificate_unknown",
          "unsupported_certificate",
          "unknown_ca",
          "access_denied");

  private TlsFailures() {}

  static boolean isTls(Throwable failure) {
    return caused(failure, SSLException.class) != null;
  }

  /**
   * Whether the host ended it for want of a client certificate.
   *
   * @param asked whether it had asked for one
   */
  static boolean wantsClientCertificate(Throwable failure, boolean asked) {
    String alert = alert(failure).orElse("");
    return alert.equals("certificate_required")
        || (asked && PERHAPS_FOR_WANT_OF_ONE.contains(alert));
  }

  /** What a handshake failed of. */
  static String words(Throwable failure) {
    if (caused(failure, CertificateExpiredException.class) != null) {
      return "TLS: the host's certificate has expired.";
    }
    if (caused(failure, CertificateNotYetValidException.class) != null) {
      return "TLS: the host's certificate is not valid yet.";
    }
    CertPathValidatorException path = caused(failure, CertPathValidatorException.class);
    boolean forged = path != null && path.getReason() == BasicReason.INVALID_SIGNATURE;
    if (forged || caused(failure, CertPathBuilderException.class) != null) {
      return "TLS: the host's certificate is from an unknown authority, or its chain is incomplete.";
    }
    if (path != null) {
      return "TLS: the host's certificate is not valid.";
    }
    CertificateException certificate = caused(failure, CertificateException.class);
    if (certificate != null) {
      return isAboutName(certificate)
          ? "TLS: the host's certificate is for another name."
          : "TLS: the host's certificate is not valid.";
    }
    return alert(failure).map(TlsFailures::words).orElse("TLS: the handshake failed.");
  }

  private static String words(String alert) {
    return switch (alert) {
      case "protocol_version" -> "TLS: the host offers neither TLS 1.2 nor 1.3.";
      case "unrecognized_name" -> "TLS: the host does not know the name.";
      default -> "TLS: the handshake failed.";
    };
  }

  /** The JDK has no exception of its own for it. */
  private static boolean isAboutName(CertificateException failure) {
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("subject alternative") || text.contains("no name matching");
  }

  private static Optional<String> alert(Throwable failure) {
    SSLException tls = caused(failure, SSLException.class);
    while (tls != null) {
      Matcher said = ALERT.matcher(String.valueOf(tls.getMessage()));
      if (said.find()) {
        return Optional.of(said.group(1));
      }
      tls = tls.getCause() == null ? null : caused(tls.getCause(), SSLException.class);
    }
    return Optional.empty();
  }

  static <T extends Throwable> @Nullable T caused(Throwable failure, Class<T> type) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
