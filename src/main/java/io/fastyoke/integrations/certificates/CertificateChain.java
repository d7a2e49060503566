package io.fastyoke.integrations.certificates;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A client certificate, and the certificates of those who issued it. */
record CertificateChain(List<X509Certificate> certificates) {
  static final int MAX_CERTIFICATES = 10;
  private static final int MIN_RSA_BITS = 1_024;

  /** Larger ones take too long for an event loop. */
  private static final int MAX_RSA_BITS = 8_192;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  /**
   * Reads it.
   *
   * @throws PemProblem when the text holds something else, or too many
   */
  static CertificateChain read(byte[] text) throws PemProblem {
    return new CertificateChain(PemCertificates.read(text, MAX_CERTIFICATES));
  }

  X509Certificate leaf() {
    return certificates.get(0);
  }

  Instant expiresAt() {
    return leaf().getNotAfter().toInstant();
  }

  /**
   * Refuses what no host would take.
   *
   * @throws PemProblem when a certificate has expired, has a key of another kind, or did not issue
   *     the one before it
   */
  void check(Instant now) throws PemProblem {
    checkKey(leaf().getPublicKey());
    for (int i = 0; i < certificates.size(); i++) {
      checkSize(certificates.get(i).getPublicKey());
      checkExpiry(i, now);
    }
    for (int i = 1; i < certificates.size(); i++) {
      if (!isIssued(certificates.get(i - 1), certificates.get(i))) {
        throw new PemProblem(
            "must be a chain, leaf first: certificate %d did not issue certificate %d; put behind each certificate the one that issued it"
                .formatted(i + 1, i));
      }
    }
  }

  /** Issuers may have other keys: the host checks those, this service only sends them. */
  private static void checkKey(PublicKey key) throws PemProblem {
    boolean rsa =
        key instanceof RSAPublicKey known && known.getModulus().bitLength() >= MIN_RSA_BITS;
    if (!rsa && !(key instanceof ECPublicKey)) {
      throw unfitKey();
    }
  }

  private static void checkSize(PublicKey key) throws PemProblem {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() > MAX_RSA_BITS) {
      throw unfitKey();
    }
  }

  private static PemProblem unfitKey() {
    return new PemProblem(
        "must have an RSA key of %,d to %,d bits, or an EC key on P-256, P-384 or P-521"
            .formatted(MIN_RSA_BITS, MAX_RSA_BITS));
  }

  private void checkExpiry(int index, Instant now) throws PemProblem {
    Instant end = certificates.get(index).getNotAfter().toInstant();
    if (!end.isAfter(now)) {
      String which = index == 0 ? "" : " (certificate " + (index + 1) + " of the chain)";
      throw new PemProblem("has expired on " + DATE.format(end) + which);
    }
  }

  private static boolean isIssued(X509Certificate issued, X509Certificate by) {
    if (!issued.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
      return false;
    }
    try {
      issued.verify(by.getPublicKey());
      return true;
    } catch (NoSuchAlgorithmException unknown) {
      return true; // the host may know it
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The number, from 1, of the certificate to which a key belongs; 0 for none. */
  int numberOf(PrivateKey key) {
    for (int i = 0; i < certificates.size(); i++) {
      if (PemKey.belongs(key, certificates.get(i).getPublicKey())) {
        return i + 1;
      }
    }
    return 0;
  }
}
