package io.fastyoke.integrations.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Debian's nginx, in a process of its own. Without it the test is skipped; {@code .ci/run} installs
 * it.
 */
public final class Nginx implements AutoCloseable {
  private final Process process;

  private Nginx(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param http what is in its block {@code http}; files are relative to the directory
   * @param port one that it listens on
   */
  public static Nginx start(Path directory, String http, int port)
      throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/nginx")),
        "nginx is not installed (apt-get install -y nginx)");
    Path conf = directory.resolve("nginx.conf");
    Files.writeString(
        conf,
        """
        daemon off; master_process off; pid nginx.pid; error_log stderr; events { worker_connections 1024; }
        http { client_body_temp_path .; proxy_temp_path .; fastcgi_temp_path .; uwsgi_temp_path .; scgi_temp_path .;
        %s
        }
        """
            .formatted(http));
    Path log = directory.resolve("nginx.log");
    Process process =
        new ProcessBuilder(
                "/usr/sbin/nginx",
                "-p",
                directory.toString(),
                "-c",
                conf.toString(),
                "-e",
                "stderr")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Nginx nginx = new Nginx(process);
    for (int i = 0; i < 300 && process.isAlive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
        return nginx;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    nginx.close();
    throw new IOException("nginx did not start: " + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
