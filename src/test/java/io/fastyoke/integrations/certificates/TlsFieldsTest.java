package io.fastyoke.integrations.certificates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.TlsMaterial;
import io.fastyoke.integrations.support.TestAuthority;
import io.fastyoke.integrations.support.TestAuthority.Issued;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFieldsTest {
  private static final TestAuthority ROOT = root();
  private static final TestAuthority BETWEEN = between();
  private final Instant now = Instant.now();

  private static TestAuthority root() {
    try {
      return new TestAuthority();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestAuthority between() {
    try {
      return ROOT.intermediate("Between");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Credentials credentials(String... fields) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      secrets.put(fields[i], Secret.ofUtf8(fields[i + 1]));
    }
    return new Credentials(secrets);
  }

  private static Credentials of(String certificate, String key) {
    return credentials(TlsFields.CERTIFICATE, certificate, TlsFields.KEY, key);
  }

  private Map<String, String> problems(String certificate, String key) {
    return TlsFields.problems(of(certificate, key), now);
  }

  private String problemWithKey(String key) {
    return TlsFields.problems(credentials(TlsFields.KEY, key), now).get(TlsFields.KEY);
  }

  private String problemWithCertificate(String certificate) {
    return TlsFields.problems(credentials(TlsFields.CERTIFICATE, certificate), now)
        .get(TlsFields.CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void takesChainsHoweverTheyAreWritten(String algorithm) throws Exception {
    Issued client = BETWEEN.client("alice", algorithm);
    String pem = client.pem();
    String withNames =
        "Bag Attributes\n  friendlyName: ä\n" + pem.replace("-\n-", "-\nsubject=x\n-");
    for (String written :
        List.of(pem, withNames, pem.replace("\n", "\r\n"), pem.replace("\n", " "))) {
      String key = client.keyPem().replace("\n", written.contains("\r") ? "\r\n" : "\n");
      assertThat(problems(written, key)).as(written).isEmpty();
      try (Credentials credentials = of(written, key)) {
        assertThat(TlsFields.expiresAt(credentials)).contains(end(client));
      }
    }
  }

  private static Instant end(Issued client) throws Exception {
    return CertificateChain.read(client.pem().getBytes(UTF_8)).leaf().getNotAfter().toInstant();
  }

  @Test
  void theChainIsHandedOnWithItsKeyAndTheCopiesAreWiped() throws Exception {
    Issued client = BETWEEN.client("alice", "EC");
    Credentials credentials =
        credentials(
            TlsFields.CERTIFICATE,
            client.pem(),
            TlsFields.KEY,
            client.keyPem(),
            TlsFields.AUTHORITIES,
            ROOT.pem() + BETWEEN.pem());
    ClientTls.Source source = TlsFields.of(credentials, "a", "a/1", true).source().get();
    credentials.close(); // the attempt may be over
    TlsMaterial material = source.load();
    assertThat(material.chain()).hasSize(2);
    assertThat(material.key()).isEqualTo(client.key());
    assertThat(material.authorities()).hasSize(2);
    assertThat(material).hasToString("TlsMaterial");
    assertThatThrownBy(source::load).isInstanceOf(PemProblem.class);
  }

  @Test
  void theOrderOfAChainIsLeafFirst() throws Exception {
    Issued client = BETWEEN.client("alice", "EC");
    String leaf = TestAuthority.asPem("CERTIFICATE", client.chain().get(0));
    assertThat(problems(BETWEEN.pem() + leaf, client.keyPem()).get(TlsFields.CERTIFICATE))
        .startsWith("must be a chain, leaf first: certificate 2 did not issue certificate 1");
    assertThat(problems(leaf + ROOT.pem(), client.keyPem())).containsKey(TlsFields.CERTIFICATE);
    assertThat(problems(leaf + leaf, client.keyPem())).containsKey(TlsFields.CERTIFICATE);
    assertThat(problems(leaf, client.keyPem())).isEmpty();
    assertThat(problems(leaf + BETWEEN.pem() + ROOT.pem(), client.keyPem())).isEmpty();
    // The same name, and another key.
    assertThat(problems(leaf + ROOT.intermediate("Between").pem(), client.keyPem()))
        .containsKey(TlsFields.CERTIFICATE);
  }

  @ParameterizedTest
  @CsvSource({"EC, EC", "RSA, RSA", "EC, RSA", "RSA, EC"})
  void theKeyHasToBelongToIt(String algorithm, String other) throws Exception {
    Issued client = ROOT.client("alice", algorithm);
    String key = ROOT.client("bob", other).keyPem();
    assertThat(problems(client.pem(), key))
        .containsExactly(Map.entry(TlsFields.KEY, "does not belong to client_certificate"));
  }

  @Test
  void whatHasExpiredIsRefused() throws Exception {
    Issued client = ROOT.client("alice", "EC", Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(problems(client.pem(), client.keyPem()))
        .containsExactly(
            Map.entry(TlsFields.CERTIFICATE, "has expired on 2026-01-02 03:04:05 UTC"));
    Map<String, String> before =
        TlsFields.problems(
            of(client.pem(), client.keyPem()), Instant.parse("2026-01-02T03:04:04Z"));
    assertThat(before).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RSA PRIVATE KEY|PKCS#1; convert it: openssl pkcs8 -topk8 -nocrypt -in FILE",
        "EC PRIVATE KEY|SEC 1; convert it: openssl pkcs8 -topk8 -nocrypt -in FILE",
        "EC PARAMETERS|SEC 1; convert it",
        "ENCRYPTED PRIVATE KEY|encrypted; decrypt it: openssl pkcs8 -topk8 -nocrypt -in FILE",
        "OPENSSH PRIVATE KEY|of another kind",
        "PUBLIC KEY|a public key",
        "CERTIFICATE|certificates go into client_certificate",
        "NONSENSE|must be an unencrypted PKCS#8 key",
      })
  void otherFormsOfKeysAreNamed(String label, String words) {
    assertThat(problemWithKey(TestAuthority.asPem(label, new byte[] {1, 2, 3})))
        .startsWith("must be an unencrypted PKCS#8 key in PEM: -----BEGIN PRIVATE KEY-----")
        .contains(words);
  }

  @Test
  void keysThatCannotBeUsedAreRefused() throws Exception {
    Issued client = ROOT.client("alice", "EC");
    assertThat(problemWithKey("hush")).startsWith("must be an unencrypted PKCS#8 key");
    assertThat(problemWithKey(client.keyPem() + client.keyPem())).isEqualTo("must be one key");
    assertThat(problemWithKey(client.keyPem().replace("-----END", "-----E"))).startsWith("is cut");
    assertThat(problemWithKey(client.keyPem().replace("\n", "\\n")))
        .isEqualTo("has \\n written out; put line breaks there");
    assertThat(problemWithKey(TestAuthority.asPem("PRIVATE KEY", new byte[200])))
        .startsWith("cannot be read");
    byte[] ed25519 =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    assertThat(problemWithKey(TestAuthority.asPem("PRIVATE KEY", ed25519)))
        .startsWith("cannot be read: it must be an RSA key, or an EC key");
  }

  @Test
  void certificatesThatAreNoneAreRefused() throws Exception {
    Issued client = ROOT.client("alice", "EC");
    assertThat(problemWithCertificate("hush")).startsWith("must be PEM").contains("pkcs12");
    assertThat(problemWithCertificate(client.keyPem() + client.pem()))
        .isEqualTo("must hold certificates only; the key goes into client_key");
    assertThat(problemWithCertificate(TestAuthority.asPem("CERTIFICATE REQUEST", new byte[9])))
        .contains("CSR");
    assertThat(problemWithCertificate(TestAuthority.asPem("CERTIFICATE", new byte[90])))
        .isEqualTo("has a certificate that cannot be read (number 1)");
    assertThat(problemWithCertificate(client.pem().repeat(11)))
        .isEqualTo("must have at most 10 certificates");
    assertThat(problemWithCertificate(client.pem().replace("=", "").replace("MII", "M?I")))
        .startsWith("is damaged");
  }

  @Test
  void echoesAreFoundByTheirLines() throws Exception {
    Issued client = ROOT.client("alice", "RSA");
    try (Credentials credentials = of(client.pem().replace("\n", " "), client.keyPem())) {
      String found =
          TlsFields.traces(credentials).stream()
              .map(line -> new String(line, UTF_8))
              .collect(Collectors.joining("\n"));
      String whole = Base64.getEncoder().encodeToString(client.key().getEncoded());
      assertThat(found.replace("\n", "")).contains(whole.substring(0, whole.length() / 64 * 64));
      assertThat(found.lines()).allMatch(line -> line.length() >= 16 && line.length() <= 64);
      assertThat(found.lines()).contains(client.pem().lines().skip(1).findFirst().orElseThrow());
    }
  }
}
