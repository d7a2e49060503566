package io.fastyoke.integrations.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All listening sockets of this process and the connections accepted on them. The framework's HTTP
 * server can only close all of them at once, which resets clients that are about to send a request;
 * graceful draining needs them one by one.
 *
 * <p>Found by Netty, as {@code BareRefusals} is, when its {@code turnOn} was called before its
 * first connection; otherwise it knows of none.
 */
@RegisterForReflection
public final class ServerChannels extends ChannelInitializerExtension {
  private static final Set<Channel> LISTENING = ConcurrentHashMap.newKeySet();
  private static final Set<Channel> CONNECTIONS = ConcurrentHashMap.newKeySet();

  /** Called by Netty. */
  public ServerChannels() {}

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    if (channel instanceof ServerSocketChannel) {
      track(LISTENING, channel);
    }
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    track(CONNECTIONS, channel);
  }

  private static void track(Set<Channel> channels, Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /** Stops listening. Accepted connections stay, also those still in the accept queue. */
  @SuppressWarnings("FutureReturnValueIgnored") // see hasStoppedListening()
  static void stopListening() {
    for (Channel channel : List.copyOf(LISTENING)) {
      channel.eventLoop().execute(() -> stopListening(channel));
    }
  }

  /** On the event loop of the listening socket: accepts what is queued, then closes. */
  @SuppressWarnings("FutureReturnValueIgnored") // see hasStoppedListening()
  private static void stopListening(Channel channel) {
    if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe unsafe) {
      unsafe.read();
    }
    channel.close();
  }

  /** Whether all listening sockets are closed. */
  static boolean hasStoppedListening() {
    return LISTENING.isEmpty();
  }

  /**
   * Half-closes every connection and goes on reading: closing both directions at once resets a
   * client that is sending (RFC 9112, section 9.6).
   */
  @SuppressWarnings("FutureReturnValueIgnored") // see connections()
  static void halfCloseAll() {
    for (Channel channel : List.copyOf(CONNECTIONS)) {
      if (channel instanceof SocketChannel socket) {
        socket.shutdownOutput();
      }
    }
  }

  /** How many connections are open. */
  static int connections() {
    return CONNECTIONS.size();
  }
}
