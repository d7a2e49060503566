package io.fastyoke.integrations.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on a free port of 127.0.0.1, with a thread for each request. */
public final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 500;

  private final HttpServer server;
  private final ExecutorService threads;

  private LoopbackServer(HttpServer server) {
    this.server = server;
    this.threads = Executors.newCachedThreadPool(LoopbackServer::daemon);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts one that knows no path yet, and answers 404. */
  public static LoopbackServer start() {
    try {
      return new LoopbackServer(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one that answers every request by this handler. */
  public static LoopbackServer start(HttpHandler handler) {
    return start().on("/", handler);
  }

  /** Answers requests whose path begins so by this handler. */
  public LoopbackServer on(String path, HttpHandler handler) {
    server.createContext(path, handler);
    return this;
  }

  /** Its origin, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Reads the request to its end, which keeps the connection alive, and answers without a body. */
  public static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Reads the request to its end and answers with this body. */
  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "loopback-server");
    thread.setDaemon(true);
    return thread;
  }
}
