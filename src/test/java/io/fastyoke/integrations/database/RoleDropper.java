package io.fastyoke.integrations.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in front of PostgreSQL and does not pass the startup parameter {@code role} on, as some
 * poolers do; for clients without TLS. The format of the first message is PostgreSQL's, section
 * 55.7, StartupMessage.
 */
final class RoleDropper implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "role-dropper");
            thread.setDaemon(true);
            return thread;
          });
  private final int database;

  RoleDropper(int database) throws IOException {
    this.database = database;
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      // Nobody comes any more.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), database)) {
      start(
          new DataInputStream(client.getInputStream()),
          new DataOutputStream(behind.getOutputStream()));
      threads.execute(() -> pump(behind, client));
      pump(client, behind);
    } catch (IOException gone) {
      // One of them has hung up.
    }
  }

  private static void start(DataInputStream from, DataOutputStream to) throws IOException {
    byte[] message = from.readNBytes(from.readInt() - Integer.BYTES);
    String parameters = new String(message, Integer.BYTES, message.length - Integer.BYTES, UTF_8);
    byte[] kept = parameters.replaceFirst("(^|\0)role\0[^\0]*\0", "$1").getBytes(UTF_8);
    to.writeInt(2 * Integer.BYTES + kept.length);
    to.write(Arrays.copyOf(message, Integer.BYTES));
    to.write(kept);
    to.flush();
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // One of them has hung up, and now both have.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
