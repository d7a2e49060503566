package io.fastyoke.integrations.certificates;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the X.509 certificates of a PEM text. */
final class PemCertificates {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String EXPECTED =
      "must be PEM: -----BEGIN CERTIFICATE-----, lines of base64, -----END CERTIFICATE-----";

  private PemCertificates() {}

  /**
   * All of them, in their order.
   *
   * @param most how many there may be
   * @throws PemProblem when there is none, too many, one that cannot be read, or something else
   */
  static List<X509Certificate> read(byte[] text, int most) throws PemProblem {
    List<PemText.Block> blocks = PemText.blocks(text);
    try {
      if (blocks.isEmpty()) {
        throw new PemProblem(
            EXPECTED
                + "; a .p12 or .pfx file becomes PEM with openssl pkcs12 -in FILE -nokeys, a .der or"
                + " .cer file with openssl x509 -inform der -in FILE");
      }
      List<X509Certificate> certificates = new ArrayList<>();
      for (PemText.Block block : blocks) {
        requireCertificate(block.label());
        certificates.add(certificate(block, certificates.size() + 1));
      }
      if (certificates.size() > most) {
        throw new PemProblem("must have at most " + most + " certificates");
      }
      return certificates;
    } finally {
      blocks.forEach(PemText.Block::close);
    }
  }

  private static void requireCertificate(String label) throws PemProblem {
    if (label.equals(CERTIFICATE)) {
      return;
    }
    if (label.endsWith("PRIVATE KEY") || label.equals("EC PARAMETERS")) {
      throw new PemProblem("must hold certificates only; the key goes into client_key");
    }
    throw new PemProblem(
        switch (label) {
          case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" ->
              "is a request for a certificate (CSR); give the certificate that an authority made of it";
          case "TRUSTED CERTIFICATE" -> EXPECTED + "; convert it: openssl x509 -in FILE";
          case "PKCS7" -> EXPECTED + "; convert it: openssl pkcs7 -print_certs -in FILE";
          default -> EXPECTED;
        });
  }

  private static X509Certificate certificate(PemText.Block block, int number) throws PemProblem {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw new PemProblem("has a certificate that cannot be read (number " + number + ")");
    }
  }
}
