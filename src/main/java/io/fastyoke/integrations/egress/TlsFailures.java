package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.tls.ClientCertificates.Request;
import java.nio.charset.StandardCharsets;
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
  /** Before every message of a handshake. */
  static final String PREFIX = "TLS: ";

  static final String CLIENT_CERTIFICATE =
      "TLS: the host requires a client certificate, and the connection has none.";

  private static final int MAX_DEPTH = 10;

  /** Bytes at the beginning of a body that are looked at. */
  private static final int MAX_SEARCHED = 2_048;

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /** Alerts for a certificate that is missing or refused, besides {@code certificate_required}. */
  private static final Set<String> LIKELY_ABOUT_CERTIFICATE =
      Set.of(
          "bad_certificate",
          "handshake_failure",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "unknown_ca",
          "access_denied",
          "decrypt_error");

  /** Statuses by which hosts refuse a missing or wrong certificate; 495 and 496 are nginx's. */
  private static final Set<Integer> STATUSES = Set.of(400, 401, 403, 495, 496);

  private TlsFailures() {}

  static boolean isTls(Throwable failure) {
    return cause(failure, SSLException.class) != null;
  }

  /**
   * The message if the host ended the connection for the client certificate, or for want of one;
   * else null.
   *
   * @param requested what the host had asked for
   */
  static @Nullable String clientCertificate(Throwable failure, Request requested) {
    String alert = alert(failure).orElse("");
    if (!alert.equals("certificate_required")
        && (requested == Request.NONE || !LIKELY_ABOUT_CERTIFICATE.contains(alert))) {
      return null;
    }
    return switch (requested) {
      case NONE, WITHOUT -> CLIENT_CERTIFICATE;
      case UNFIT -> "TLS: the host takes no client certificate with the connection's kind of key.";
      case SENT -> "TLS: the host refuses the client certificate of the connection" + why(alert);
    };
  }

  private static String why(String alert) {
    return switch (alert) {
      case "unknown_ca" -> ": it does not know the authority, or the chain is incomplete.";
      case "certificate_expired" -> ": it has expired.";
      case "certificate_revoked" -> ": it was revoked.";
      case "unsupported_certificate" -> ": it is of the wrong kind, or not for clients.";
      default -> ".";
    };
  }

  /** What a host had asked for, as a hint why it ended the connection; null for nothing. */
  static @Nullable String note(Request requested) {
    return switch (requested) {
      case NONE -> null;
      case WITHOUT -> "The host had asked for a client certificate, and the connection has none.";
      case UNFIT ->
          "The host had asked for a client certificate, but takes none with the connection's kind of key.";
      case SENT ->
          "The host had asked for the client certificate of the connection, and may refuse it.";
    };
  }

  /** The same for an answer; null when it has nothing to do with certificates. */
  static @Nullable String note(Exchange.Answered answer, Request requested) {
    boolean related = STATUSES.contains(answer.status());
    return related && (requested != Request.SENT || speaksOfCertificate(answer.body()))
        ? note(requested)
        : null;
  }

  /** As nginx does: "400 The SSL certificate error". */
  private static boolean speaksOfCertificate(byte[] body) {
    String start =
        new String(body, 0, Math.min(body.length, MAX_SEARCHED), StandardCharsets.ISO_8859_1);
    return start.toLowerCase(Locale.ROOT).contains("certificate");
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
