package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A TCP proxy that does to connections what networks do: delays them, cuts them, resets them, falls
 * silent, or hands the bytes over in slices. What a stream says is for a {@link Reader} to know.
 */
final class FaultProxy implements AutoCloseable {
  /** Cuts one connection's two streams into messages, and may have its say about each. */
  interface Reader {
    /** The next message from the client; an empty one at the end. */
    byte[] fromClient(BufferedInputStream in) throws IOException;

    /** The next message from the server; an empty one at the end. */
    byte[] fromServer(BufferedInputStream in) throws IOException;

    /** What becomes of a message from the client, decided before it is passed on. */
    Verdict clientSays(byte[] message);

    /** What becomes of a message from the server, decided before it is passed on. */
    Verdict serverSays(byte[] message);
  }

  /** What becomes of a message. */
  enum Verdict {
    PASS,
    /** It is passed on, and then the connection is cut. */
    PASS_AND_CUT,
    /** Half of it is passed on, and then the connection is cut. */
    HALF_AND_CUT,
    /** The connection is cut. */
    CUT,
    /** Nothing is heard of the connection any more, and neither side learns of it. */
    SILENCE
  }

  private static final int BACKLOG = 200;

  private final int target;
  private final Supplier<Reader> readers;
  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile Duration latency = Duration.ZERO;
  private volatile int slice = Integer.MAX_VALUE;
  private volatile boolean silent;
  private volatile boolean refusing;

  FaultProxy(int target, Supplier<Reader> readers) {
    this.target = target;
    this.readers = readers;
    try {
      listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::listen);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Whatever is sent arrives this much later, in both directions. */
  void delayBy(Duration by) {
    latency = by;
  }

  /** Writes of at most so many bytes. */
  void sliceInto(int bytes) {
    slice = bytes;
  }

  /** Ends all connections in the orderly way. */
  void cutAll() {
    links.forEach(Link::close);
  }

  /** Ends all connections with RST. */
  void resetAll() {
    links.forEach(Link::reset);
  }

  /** Resets what is there and what comes. */
  void refuse() {
    refusing = true;
    resetAll();
  }

  /**
   * Passes nothing on any more, on the connections that are there and on those that come. They stay
   * silent for good: whoever sat behind them has vanished.
   */
  void fallSilent() {
    silent = true;
    links.forEach(link -> link.silent = true);
  }

  /** New connections work again. */
  void heal() {
    latency = Duration.ZERO;
    slice = Integer.MAX_VALUE;
    refusing = false;
    silent = false;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (refusing) {
          client.setSoLinger(true, 0);
          client.close();
        } else {
          daemon(() -> open(client));
        }
      } catch (IOException closed) {
        // Either the client has gone again, or the loop ends.
      }
    }
  }

  private void open(Socket client) {
    Socket server = new Socket();
    try {
      server.connect(new java.net.InetSocketAddress("127.0.0.1", target));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Link link = new Link(client, server, readers.get());
      link.silent = silent;
      links.add(link);
      daemon(() -> link.pump(true));
      daemon(() -> link.pump(false));
    } catch (IOException unreachable) {
      reset(client);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fault proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is what was wanted.
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException gone) {
      // Nothing is left to be reset.
    }
    close(socket);
  }

  /** One connection. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private final Reader reader;
    private volatile boolean silent;

    private Link(Socket client, Socket server, Reader reader) {
      this.client = client;
      this.server = server;
      this.reader = reader;
    }

    private void pump(boolean toServer) {
      Socket from = toServer ? client : server;
      Socket to = toServer ? server : client;
      try {
        BufferedInputStream in = new BufferedInputStream(from.getInputStream(), 1 << 16);
        OutputStream out = to.getOutputStream();
        boolean goesOn = true;
        while (goesOn) {
          boolean nothingWaits = in.available() == 0;
          byte[] message = toServer ? reader.fromClient(in) : reader.fromServer(in);
          if (nothingWaits) {
            pause(latency);
          }
          goesOn = message.length > 0 && pass(message, toServer, out);
        }
      } catch (IOException gone) {
        // The other side is told below.
      }
      if (!silent) {
        close();
      }
    }

    private boolean pass(byte[] message, boolean toServer, OutputStream out) throws IOException {
      if (silent) {
        return true;
      }
      Verdict verdict = toServer ? reader.clientSays(message) : reader.serverSays(message);
      switch (verdict) {
        case PASS -> write(message, out);
        case PASS_AND_CUT -> write(message, out);
        case HALF_AND_CUT -> write(Arrays.copyOf(message, message.length / 2), out);
        case SILENCE -> silent = true;
        case CUT -> {}
      }
      return verdict == Verdict.PASS || verdict == Verdict.SILENCE;
    }

    private void write(byte[] message, OutputStream out) throws IOException {
      int most = slice; // it may be healed in the middle
      if (most >= message.length) {
        out.write(message);
        return;
      }
      for (int at = 0; at < message.length; at += most) {
        out.write(message, at, Math.min(most, message.length - at));
        pause(Duration.ofMillis(1));
      }
    }

    private void close() {
      links.remove(this);
      FaultProxy.close(client);
      FaultProxy.close(server);
    }

    private void reset() {
      links.remove(this);
      FaultProxy.reset(client);
      FaultProxy.reset(server);
    }
  }
}
