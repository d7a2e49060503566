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
 * The sockets that this process listens on, and the connections that it took on them. The HTTP
 * server of the framework can only close all of them at once, which resets whoever is about to send
 * a request; to end them one after the other, one has to know them.
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
      keep(LISTENING, channel);
    }
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    keep(CONNECTIONS, channel);
  }

  private static void keep(Set<Channel> channels, Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /** Takes no new connection; those that were taken, also by the system alone, stay. */
  @SuppressWarnings("FutureReturnValueIgnored") // listensNoMore() tells when it is done
  static void stopListening() {
    for (Channel channel : List.copyOf(LISTENING)) {
      channel.eventLoop().execute(() -> stopListening(channel));
    }
  }

  /** On the thread that takes connections. */
  @SuppressWarnings("FutureReturnValueIgnored") // listensNoMore() tells when it is done
  private static void stopListening(Channel channel) {
    if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe unsafe) {
      unsafe.read();
    }
    channel.close();
  }

  /** Whether nothing is listened on any more. */
  static boolean listensNoMore() {
    return LISTENING.isEmpty();
  }

  /**
   * Sends the end of the stream on every connection, and goes on reading: an end of both directions
   * at once is a reset for whoever is just sending (RFC 9112, section 9.6).
   */
  @SuppressWarnings("FutureReturnValueIgnored") // connections() tells when it is done
  static void endAll() {
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
