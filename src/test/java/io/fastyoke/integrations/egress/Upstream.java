package io.fastyoke.integrations.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on bare sockets: every byte of an answer is the test's, every byte received is kept. */
public final class Upstream implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

  /** Answers one request; false ends the connection. */
  interface Script {
    boolean answer(Peer peer) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private volatile int idleMillis;
  private volatile AtomicInteger closedIdle = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);

  /** One connection's other end. */
  record Peer(Socket socket, CountDownLatch end) {
    /** Writes characters as single bytes. */
    Peer write(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return this;
    }

    /** Writes again and again, until the other side has had enough or the test is over. */
    void drip(String text, long everyMillis) throws IOException, InterruptedException {
      while (!end.await(everyMillis, TimeUnit.MILLISECONDS)) {
        write(text);
      }
    }

    /** Keeps silent until the test is over. */
    boolean hang() throws InterruptedException {
      end.await();
      return false;
    }

    /** Ends the connection with RST. */
    boolean slam() throws IOException {
      socket.setSoLinger(true, 0);
      return false;
    }
  }

  private Upstream(ServerSocket server) {
    this.server = server;
    on("/good", Upstream.says(OK));
    start(this::accept);
  }

  /** On 127.0.0.1, without TLS. */
  public static Upstream plain() throws IOException {
    return at("127.0.0.1", 0);
  }

  static Upstream at(String address, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 512);
    return new Upstream(socket);
  }

  static Upstream on(ServerSocket socket) {
    return new Upstream(socket);
  }

  static Script says(String answer) {
    return peer -> {
      peer.write(answer);
      return true;
    };
  }

  Upstream on(String path, Script script) {
    scripts.put(path, script);
    return this;
  }

  /** Closes connections that were idle for as long, after their first request, and counts them. */
  void idle(java.time.Duration most, AtomicInteger count) {
    idleMillis = (int) most.toMillis();
    closedIdle = count;
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Heads and bodies, in the order in which they came. */
  public List<String> requests() {
    return requests;
  }

  /** How many there were. */
  public int connections() {
    return connections.get();
  }

  int openConnections() {
    return connections.get() - closed.get();
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      boolean more = true;
      while (more) {
        String request = read(socket.getInputStream());
        socket.setSoTimeout(idleMillis);
        requests.add(request);
        String path = request.split(" ", 3)[1].split("\\?", 2)[0];
        more = scripts.getOrDefault(path, says(OK)).answer(new Peer(socket, end));
      }
    } catch (SocketTimeoutException e) {
      closedIdle.incrementAndGet();
    } catch (IOException e) {
      // the other side ended it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.incrementAndGet();
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    Matcher length = LENGTH.matcher(text);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return text + new String(in.readNBytes(body), StandardCharsets.ISO_8859_1);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "upstream");
    thread.setDaemon(true);
    thread.start();
  }
}
