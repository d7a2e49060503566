package io.fastyoke.integrations.certificates;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.TlsMaterial;
import io.fastyoke.integrations.vault.Credentials;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Copies of PEM texts, to be read when the credentials that they are from may be closed again. */
final class CopiedPem implements ClientTls.Source {
  private final byte[] certificate;
  private final byte[] key;
  private final byte[] authorities;

  CopiedPem(Credentials credentials) {
    this.certificate = copy(credentials, TlsFields.CERTIFICATE);
    this.key = copy(credentials, TlsFields.KEY);
    this.authorities = copy(credentials, TlsFields.AUTHORITIES);
  }

  /** Empty without the field. */
  private static byte[] copy(Credentials credentials, String field) {
    return credentials.get(field).map(text -> text.expose().clone()).orElseGet(() -> new byte[0]);
  }

  @Override
  public TlsMaterial load() throws GeneralSecurityException {
    try {
      List<X509Certificate> chain =
          certificate.length == 0 ? List.of() : CertificateChain.read(certificate).certificates();
      PrivateKey own = key.length == 0 ? null : PemKey.read(key);
      List<X509Certificate> trusted =
          authorities.length == 0 ? List.of() : TlsFields.authorities(authorities);
      return new TlsMaterial(chain, own, trusted);
    } finally {
      Stream.of(certificate, key, authorities).forEach(copy -> Arrays.fill(copy, (byte) 0));
    }
  }
}
