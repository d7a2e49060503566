package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.support.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that people run, with its defaults, started from what is installed. Jetty and Tomcat are
 * not packages: {@code -Dkeepalive.jars} names a directory with theirs ({@code jetty-server} and
 * {@code tomcat-embed-core} and what they need).
 */
final class EverydayServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private EverydayServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static boolean isInstalled(String name) {
    String program = name.equals("apache") ? "apache2" : name;
    return name.equals("jetty") || name.equals("tomcat")
        ? System.getProperty("keepalive.jars") != null
        : List.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/").stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory + program)));
  }

  static EverydayServer start(String name, Path directory)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    Process process =
        new ProcessBuilder(command(name, directory, port))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start();
    EverydayServer server = new EverydayServer(process, port);
    server.awaitStart();
    return server;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private void awaitStart() throws IOException, InterruptedException {
    for (int i = 0; i < 300; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    close();
    throw new IOException("did not start");
  }

  private static List<String> command(String name, Path directory, int port) throws IOException {
    return switch (name) {
      case "node" ->
          List.of(
              "node",
              "-e",
              "require('http').createServer((q,s)=>{q.resume();q.on('end',()=>s.end('ok'))}).listen("
                  + port
                  + ",'127.0.0.1')");
      case "gunicorn" -> gunicorn(directory, port);
      case "nginx" -> nginx(directory, port);
      case "apache" -> apache(directory, port);
      case "jetty" -> java(directory, "Jetty", JETTY, port);
      case "tomcat" -> java(directory, "Cat", TOMCAT, port);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static List<String> gunicorn(Path directory, int port) throws IOException {
    Files.writeString(
        directory.resolve("app.py"),
        """
        def app(environ, start_response):
            environ['wsgi.input'].read()
            start_response('200 OK', [('Content-Length', '2')])
            return [b'ok']
        """);
    return List.of(
        "gunicorn", "-k", "gthread", "--threads", "64", "-b", "127.0.0.1:" + port, "app:app");
  }

  private static List<String> nginx(Path directory, int port) throws IOException {
    Path conf = directory.resolve("nginx.conf");
    Files.writeString(
        conf,
        """
        daemon off; pid nginx.pid; error_log stderr; events { worker_connections 4096; }
        http { access_log off; server { listen 127.0.0.1:%d backlog=4096; location / { return 200 "ok"; } } }
        """
            .formatted(port));
    return List.of("nginx", "-p", directory.toString(), "-c", conf.toString());
  }

  private static List<String> apache(Path directory, int port) throws IOException {
    Path conf = directory.resolve("apache.conf");
    Files.writeString(
        conf,
        """
        ServerName localhost
        Listen 127.0.0.1:%d
        PidFile %s/apache.pid
        ErrorLog /dev/stderr
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
        LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
        ThreadsPerChild 64
        MaxRequestWorkers 512
        Redirect 204 /
        """
            .formatted(port, directory));
    return List.of("apache2", "-X", "-f", conf.toString());
  }

  private static List<String> java(Path directory, String name, String source, int port)
      throws IOException {
    Path file = directory.resolve(name + ".java");
    Files.writeString(file, source);
    String jars = System.getProperty("keepalive.jars") + "/*";
    return List.of("java", "-cp", jars, file.toString(), String.valueOf(port));
  }

  private static final String JETTY =
      """
      import org.eclipse.jetty.server.*;
      import org.eclipse.jetty.util.Callback;
      import java.nio.ByteBuffer;
      class Jetty {
        public static void main(String[] args) throws Exception {
          Server server = new Server(Integer.parseInt(args[0]));
          server.setHandler(new Handler.Abstract() {
            public boolean handle(Request request, Response response, Callback callback) {
              response.write(true, ByteBuffer.wrap("ok".getBytes()), callback);
              return true;
            }
          });
          server.start();
        }
      }
      """;

  private static final String TOMCAT =
      """
      import org.apache.catalina.startup.Tomcat;
      import jakarta.servlet.http.*;
      class Cat {
        public static void main(String[] args) throws Exception {
          Tomcat tomcat = new Tomcat();
          tomcat.setBaseDir(".");
          tomcat.setPort(Integer.parseInt(args[0]));
          tomcat.getConnector();
          var context = tomcat.addContext("", null);
          Tomcat.addServlet(context, "ok", new HttpServlet() {
            protected void service(HttpServletRequest q, HttpServletResponse s) throws java.io.IOException {
              q.getInputStream().readAllBytes();
              s.setContentLength(2);
              s.getOutputStream().print("ok");
            }
          });
          context.addServletMappingDecoded("/*", "ok");
          tomcat.start();
          tomcat.getServer().await();
        }
      }
      """;
}
