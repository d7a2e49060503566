package io.fastyoke.integrations.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority that lives as long as a test. Writes X.509 (RFC 5280) in DER by hand,
 * since the JDK has no public way to make a certificate.
 */
public final class TestAuthority {
  private static final byte[] ECDSA_SHA256 =
      seq(der(0x06, HexFormat.of().parseHex("2a8648ce3d040302")));
  private static final byte[] RSA_SHA256 =
      seq(der(0x06, HexFormat.of().parseHex("2a864886f70d01010b")), der(0x05));
  private static final byte[] BASIC_CONSTRAINTS = der(0x06, new byte[] {0x55, 0x1d, 0x13});
  private static final byte[] SUBJECT_ALT_NAME = der(0x06, new byte[] {0x55, 0x1d, 0x11});
  private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

  private final String name;
  private final KeyPair keys;
  private final byte[] certificate;

  /** Those who issued it, the nearest first, without the root. */
  private final List<byte[]> above;

  /** An authority of its own, with an EC key. */
  public TestAuthority() throws GeneralSecurityException {
    this("EC");
  }

  /**
   * @param algorithm {@code EC} or {@code RSA}
   */
  public TestAuthority(String algorithm) throws GeneralSecurityException {
    name = "Test CA";
    keys = keyPair(algorithm);
    above = List.of();
    certificate = certificate(this, name, keys, constraints(), tomorrow());
  }

  private TestAuthority(TestAuthority root, String name) throws GeneralSecurityException {
    this.name = name;
    this.keys = keyPair(root.keys.getPrivate().getAlgorithm());
    this.certificate = certificate(root, name, keys, constraints(), tomorrow());
    this.above = concat(certificate, root.above);
  }

  /** An authority that this one has made one. */
  public TestAuthority intermediate(String named) throws GeneralSecurityException {
    return new TestAuthority(this, named);
  }

  public static Instant tomorrow() {
    return Instant.now()
        .plus(Duration.ofDays(1))
        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  /**
   * A certificate and its key.
   *
   * @param chain the certificate, and those between it and the root
   */
  public record Issued(List<byte[]> chain, PrivateKey key) {
    /** The chain, leaf first. */
    public String pem() {
      return chain.stream().map(der -> asPem("CERTIFICATE", der)).collect(Collectors.joining());
    }

    /** PKCS#8. */
    public String keyPem() {
      return asPem("PRIVATE KEY", key.getEncoded());
    }
  }

  /** The authority's certificate, for those who are to trust it. */
  public String pem() {
    return asPem("CERTIFICATE", certificate);
  }

  public static String asPem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }

  /** A certificate for a client, valid until tomorrow. */
  public Issued client(String commonName, String algorithm) throws GeneralSecurityException {
    return client(commonName, algorithm, tomorrow());
  }

  public Issued client(String commonName, String algorithm, Instant expires)
      throws GeneralSecurityException {
    return issue(commonName, algorithm, alternative(0x82, commonName.getBytes(US_ASCII)), expires);
  }

  /** A certificate for a server by a DNS name. */
  public Issued server(String dns) throws GeneralSecurityException {
    return issue(dns, "EC", alternative(0x82, dns.getBytes(US_ASCII)), tomorrow());
  }

  /** A certificate for a server by an IPv4 address. */
  public Issued server(byte[] address, String algorithm) throws GeneralSecurityException {
    return issue("server", algorithm, alternative(0x87, address), tomorrow());
  }

  private Issued issue(String subject, String algorithm, byte[] extension, Instant expires)
      throws GeneralSecurityException {
    KeyPair own = keyPair(algorithm);
    byte[] leaf = certificate(this, subject, own, extension, expires);
    return new Issued(concat(leaf, above), own.getPrivate());
  }

  /**
   * A server's side of TLS with a certificate for a name, which takes clients of this authority.
   */
  public SSLContext server(String dns, Instant expires) throws Exception {
    Issued issued = issue(dns, "EC", alternative(0x82, dns.getBytes(US_ASCII)), expires);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", issued.key(), new char[0], new Certificate[] {parsed(issued.chain().get(0))});
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trusted().getTrustManagers(), null);
    return context;
  }

  private TrustManagerFactory trusted() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", parsed(certificate));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory;
  }

  private static byte[] certificate(
      TestAuthority issuer, String subject, KeyPair of, byte[] extension, Instant expires)
      throws GeneralSecurityException {
    byte[] algorithm = issuer.isRsa() ? RSA_SHA256 : ECDSA_SHA256;
    byte[] version = der(0xa0, der(0x02, new byte[] {2}));
    byte[] serial = der(0x02, BigInteger.valueOf(System.nanoTime()).abs().toByteArray());
    byte[] validity = seq(time(expires.minus(Duration.ofDays(10))), time(expires));
    byte[] body =
        seq(
            version,
            serial,
            algorithm,
            name(issuer.name),
            validity,
            name(subject),
            of.getPublic().getEncoded(),
            der(0xa3, seq(extension)));
    return seq(body, algorithm, der(0x03, new byte[] {0}, issuer.signed(body)));
  }

  private boolean isRsa() {
    return keys.getPrivate().getAlgorithm().equals("RSA");
  }

  private byte[] signed(byte[] body) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(isRsa() ? "SHA256withRSA" : "SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    return signature.sign();
  }

  private static byte[] constraints() {
    return seq(BASIC_CONSTRAINTS, TRUE, der(0x04, seq(TRUE)));
  }

  private static byte[] alternative(int kind, byte[] value) {
    return seq(SUBJECT_ALT_NAME, der(0x04, seq(der(kind, value))));
  }

  private static Certificate parsed(byte[] der) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der));
  }

  public static KeyPair keyPair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("EC") ? 256 : 2_048);
    return generator.generateKeyPair();
  }

  private static byte[] name(String commonName) {
    byte[] type = der(0x06, new byte[] {0x55, 4, 3});
    byte[] value = der(0x0c, commonName.getBytes(UTF_8));
    return seq(der(0x31, seq(type, value)));
  }

  private static byte[] time(Instant instant) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
    return der(0x18, text.getBytes(US_ASCII));
  }

  private static byte[] seq(byte[]... parts) {
    return der(0x30, parts);
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 256) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 128) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static List<byte[]> concat(byte[] first, List<byte[]> rest) {
    List<byte[]> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return List.copyOf(all);
  }
}
