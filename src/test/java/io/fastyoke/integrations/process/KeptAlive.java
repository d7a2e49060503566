package io.fastyoke.integrations.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/**
 * One kept-alive connection as plain clients have them: whatever goes wrong on it is seen, since
 * nothing repeats a request.
 */
public final class KeptAlive implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An answer, and whether it is said to be the connection's last. */
  public record Answer(int status, boolean last, String head) {}

  /**
   * Connects to a replica.
   *
   * @throws ConnectException when nobody listens there
   */
  public KeptAlive(URI replica) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), replica.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request as it stands, and reads the answer to it. */
  public Answer send(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String head = head();
    String lower = head.toLowerCase(Locale.ROOT);
    int length = lower.indexOf("\r\ncontent-length:");
    if (length >= 0) {
      int end = lower.indexOf("\r\n", length + 2);
      in.readNBytes(Integer.parseInt(lower.substring(length + 17, end).trim()));
    }
    return new Answer(
        Integer.parseInt(head.substring(9, 12)), lower.contains("\r\nconnection: close"), head);
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended without an answer, after: " + head);
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
