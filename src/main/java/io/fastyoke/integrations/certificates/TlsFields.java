package io.fastyoke.integrations.certificates;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields {@code client_certificate}, {@code client_key} and {@code ca_certificates} of a
 * connection's credentials.
 */
public final class TlsFields {
  public static final String CERTIFICATE = "client_certificate";
  public static final String KEY = "client_key";
  public static final String AUTHORITIES = "ca_certificates";
  private static final Set<String> ALL = Set.of(CERTIFICATE, KEY, AUTHORITIES);
  private static final int MAX_AUTHORITIES = 100;

  private TlsFields() {}

  /** Whether there are any. */
  public static boolean areIn(Credentials credentials) {
    return credentials.get(CERTIFICATE).isPresent() || credentials.get(AUTHORITIES).isPresent();
  }

  /** Whether a field is one of them. */
  public static boolean isOne(String field) {
    return ALL.contains(field);
  }

  /** What is wrong with them: fields below {@code credentials} to messages, which quote nothing. */
  public static Map<String, String> problems(Credentials credentials, Instant now) {
    Map<String, String> problems = new LinkedHashMap<>();
    CertificateChain chain =
        read(
            credentials,
            CERTIFICATE,
            problems,
            text -> {
              CertificateChain found = CertificateChain.read(text);
              found.check(now);
              return found;
            });
    PrivateKey key = read(credentials, KEY, problems, PemKey::read);
    if (chain != null && key != null) {
      int number = chain.numberOf(key);
      if (number == 0) {
        problems.put(KEY, "does not belong to client_certificate");
      } else if (number > 1) {
        problems.put(
            CERTIFICATE,
            "must be a chain, leaf first: client_key belongs to certificate " + number);
      }
    }
    read(credentials, AUTHORITIES, problems, TlsFields::authorities);
    return problems;
  }

  static List<X509Certificate> authorities(byte[] text) throws PemProblem {
    return PemCertificates.read(text, MAX_AUTHORITIES);
  }

  /** Reads a text. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(byte[] text) throws PemProblem;
  }

  private static <T> @Nullable T read(
      Credentials credentials, String field, Map<String, String> problems, Reader<T> reader) {
    Secret text = credentials.get(field).orElse(null);
    try {
      return text == null ? null : reader.read(text.expose());
    } catch (PemProblem problem) {
      problems.put(field, problem.words());
      return null;
    }
  }

  /** When the client certificate of valid credentials ends; empty without one. */
  public static Optional<Instant> expiresAt(Credentials credentials) {
    return credentials
        .get(CERTIFICATE)
        .map(text -> read(credentials, CERTIFICATE, new LinkedHashMap<>(), CertificateChain::read))
        .map(CertificateChain::expiresAt);
  }

  /**
   * What egress makes connections with.
   *
   * @param credentials with any of the fields; open until the request has begun
   * @param owner see {@link ClientTls#owner}
   * @param version see {@link ClientTls#version}
   * @param kept see {@link ClientTls#kept}
   */
  public static ClientTls of(Credentials credentials, String owner, String version, boolean kept) {
    return new ClientTls(owner, version, kept, () -> new CopiedPem(credentials));
  }

  /** Copies of what gives them away wherever it is echoed; the caller wipes them. */
  public static List<byte[]> traces(Credentials credentials) {
    return PemTraces.of(credentials);
  }
}
