package io.fastyoke.integrations.faults;

import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;

/** Passes bytes on as they come. */
final class ByteReader implements FaultProxy.Reader {
  private static final int LARGEST = 8_192;

  private final Supplier<Verdict> witness;

  /**
   * @param witness has its say about whatever the client sends
   */
  ByteReader(Supplier<Verdict> witness) {
    this.witness = witness;
  }

  @Override
  public byte[] fromClient(BufferedInputStream in) throws IOException {
    return some(in);
  }

  @Override
  public byte[] fromServer(BufferedInputStream in) throws IOException {
    return some(in);
  }

  private static byte[] some(BufferedInputStream in) throws IOException {
    byte[] bytes = new byte[LARGEST];
    int count = in.read(bytes);
    return Arrays.copyOf(bytes, Math.max(0, count));
  }

  @Override
  public Verdict clientSays(byte[] message) {
    return witness.get();
  }

  @Override
  public Verdict serverSays(byte[] message) {
    return Verdict.PASS;
  }
}
