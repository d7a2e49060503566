package io.fastyoke.integrations.vault;

import io.fastyoke.integrations.identity.TenantId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Sealing and opening one connection's credentials. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VaultBenchmark {
  private final SealContext context =
      new SealContext(new TenantId("acme"), UUID.randomUUID(), "generic_rest");
  private final Vault vault = new Vault(new KeyRing(new EncryptionKey(key()), List.of()));
  private final Credentials credentials =
      new Credentials(
          Map.of(
              "base_url", Secret.ofUtf8("https://hooks.example.com/fastyoke"),
              "auth_header", Secret.ofUtf8("Bearer a-token-of-the-usual-length-0123456789"),
              "signing_secret", Secret.ofUtf8("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
  private final byte[] sealed = vault.seal(context, credentials);

  private static byte[] key() {
    byte[] key = new byte[EncryptionKey.BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }

  @Benchmark
  public byte[] seal() {
    return vault.seal(context, credentials);
  }

  @Benchmark
  public int open() {
    try (Credentials opened = vault.open(context, sealed)) {
      return opened.names().size();
    }
  }
}
