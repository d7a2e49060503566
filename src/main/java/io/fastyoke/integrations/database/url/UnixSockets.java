package io.fastyoke.integrations.database.url;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/** Connects JDBC to a Unix socket. The driver instantiates this class by its name. */
@RegisterForReflection
public final class UnixSockets extends SocketFactory {
  private final UnixDomainSocketAddress file;

  /**
   * @param file of the socket
   */
  public UnixSockets(String file) {
    this.file = UnixDomainSocketAddress.of(file);
  }

  @Override
  public Socket createSocket() throws IOException {
    return new UnixSocket(file, SocketChannel.open(StandardProtocolFamily.UNIX));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  private Socket connected() throws IOException {
    Socket socket = createSocket();
    socket.connect(file);
    return socket;
  }

  /** The part of {@link Socket} that the driver uses; options of TCP have no effect. */
  private static final class UnixSocket extends Socket {
    private final UnixDomainSocketAddress file;
    private final SocketChannel channel;

    private UnixSocket(UnixDomainSocketAddress file, SocketChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
      channel.connect(file);
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
      channel.connect(file);
    }

    @Override
    public InputStream getInputStream() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public boolean isConnected() {
      return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public synchronized void close() throws IOException {
      channel.close();
    }

    @Override
    public void shutdownOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void setTcpNoDelay(boolean on) {
      // A Unix socket does not delay writes.
    }

    @Override
    public void setKeepAlive(boolean on) {
      // The system reports when the other side is gone.
    }

    @Override
    public void setSoTimeout(int milliseconds) {
      // The driver's own timers close the socket.
    }

    @Override
    public int getSoTimeout() {
      return 0;
    }

    @Override
    public void setReceiveBufferSize(int size) {
      // The system's default is sufficient.
    }

    @Override
    public void setSendBufferSize(int size) {
      // The system's default is sufficient.
    }

    @Override
    public synchronized int getSendBufferSize() {
      return 64 * 1024;
    }
  }
}
