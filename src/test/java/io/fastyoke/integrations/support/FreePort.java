package io.fastyoke.integrations.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A port of the loopback interface on which nothing listens, for a server that has to know it
 * before.
 */
public final class FreePort {
  private FreePort() {}

  /** The kernel does not hand it out again soon. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
