package io.fastyoke.integrations.egress;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate authority that lives as long as a test. Writes X.509 (RFC 5280) in DER by hand,
 * since the JDK has no public way to make a certificate.
 */
final class TestAuthority {
  private static final byte[] ECDSA_SHA256 =
      seq(der(0x06, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
  private static final byte[] BASIC_CONSTRAINTS = der(0x06, new byte[] {0x55, 0x1d, 0x13});
  private static final byte[] SUBJECT_ALT_NAME = der(0x06, new byte[] {0x55, 0x1d, 0x11});
  private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

  private final KeyPair keys = keyPair();
  private final byte[] certificate;

  TestAuthority() throws Exception {
    byte[] constraints = seq(BASIC_CONSTRAINTS, TRUE, der(0x04, seq(TRUE)));
    certificate = certificate("Test CA", keys, constraints, Instant.now().plus(Duration.ofDays(1)));
  }

  /** The authority's certificate, for those who are to trust it. */
  String pem() {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }

  /** A server's side of TLS with a certificate for a name. */
  SSLContext server(String name, Instant expires) throws Exception {
    byte[] dns = der(0x82, name.getBytes(StandardCharsets.US_ASCII));
    byte[] alternative = seq(SUBJECT_ALT_NAME, der(0x04, seq(dns)));
    KeyPair own = keyPair();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        own.getPrivate(),
        new char[0],
        new Certificate[] {parsed(certificate(name, own, alternative, expires))});
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private byte[] certificate(String subject, KeyPair of, byte[] extension, Instant expires)
      throws GeneralSecurityException {
    byte[] version = der(0xa0, der(0x02, new byte[] {2}));
    byte[] serial = der(0x02, BigInteger.valueOf(System.nanoTime()).abs().toByteArray());
    byte[] validity = seq(time(expires.minus(Duration.ofDays(10))), time(expires));
    byte[] body =
        seq(
            version,
            serial,
            ECDSA_SHA256,
            name("Test CA"),
            validity,
            name(subject),
            of.getPublic().getEncoded(),
            der(0xa3, seq(extension)));
    return seq(
        body, ECDSA_SHA256, der(0x03, concat(new byte[] {0}, signed(body, keys.getPrivate()))));
  }

  private static byte[] signed(byte[] body, PrivateKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(body);
    return signature.sign();
  }

  private static Certificate parsed(byte[] der) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new java.io.ByteArrayInputStream(der));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static byte[] name(String commonName) {
    byte[] type = der(0x06, new byte[] {0x55, 4, 3});
    byte[] value = der(0x0c, commonName.getBytes(StandardCharsets.UTF_8));
    return seq(der(0x31, seq(type, value)));
  }

  private static byte[] time(Instant instant) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
    return der(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] seq(byte[]... parts) {
    return der(0x30, concat(parts));
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 128) {
      out.write(content.length);
    } else if (content.length < 256) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
