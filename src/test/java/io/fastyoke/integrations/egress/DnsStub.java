package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.guard.AddressLiteral;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A name server (RFC 1035) that says what a test wants, over UDP, and over TCP what is too long for
 * it. TTL is always 0.
 */
public final class DnsStub implements AutoCloseable {
  private static final int A = 1;
  private static final int CNAME = 5;
  private static final int AAAA = 28;
  private static final int LONGEST_DATAGRAM = 4096;
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private final DatagramSocket socket;
  private final ServerSocket streams;
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, Supplier<Answer>> zone = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  /**
   * Addresses, an alias in front of them, or an error; silent gives no answer at all, and a late
   * one comes after a while.
   */
  public record Answer(
      int code, String alias, String[] addresses, boolean silent, long lateMillis) {
    Answer(int code, String alias, String[] addresses, boolean silent) {
      this(code, alias, addresses, silent, 0);
    }
  }

  private DnsStub(ServerSocket streams, DatagramSocket socket) {
    this.streams = streams;
    this.socket = socket;
    start(this::serve);
    start(this::serveStreams);
  }

  /** On a port that is free for both transports, which is not known of one before it is bound. */
  public static DnsStub open() throws IOException {
    while (true) {
      ServerSocket streams = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      try {
        return new DnsStub(streams, new DatagramSocket(streams.getLocalSocketAddress()));
      } catch (BindException taken) {
        streams.close();
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** A name has these. */
  public static Answer addresses(String... addresses) {
    return new Answer(0, "", addresses, false);
  }

  static Answer alias(String target, String... addresses) {
    return new Answer(0, target, addresses, false);
  }

  static Answer error(int code) {
    return new Answer(code, "", new String[0], false);
  }

  static Answer silence() {
    return new Answer(0, "", new String[0], true);
  }

  static Answer late(long millis, String... addresses) {
    return new Answer(0, "", addresses, false, millis);
  }

  /** What is answered from now on; other names do not exist. */
  public DnsStub say(String name, Answer answer) {
    return say(name, () -> answer);
  }

  DnsStub say(String name, Supplier<Answer> answer) {
    zone.put(name, answer);
    return this;
  }

  /** How often the IPv4 addresses of a name were asked for. */
  int asked(String name) {
    return asked.getOrDefault(name, new AtomicInteger()).get();
  }

  @Override
  public void close() throws IOException {
    later.shutdownNow();
    socket.close();
    streams.close();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "dns-stub");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] query = Arrays.copyOf(buffer, packet.getLength());
        Answer answer = answer(query);
        byte[] reply = fitting(encode(query, answer));
        if (!answer.silent()) {
          later.schedule(
              () -> {
                socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                return reply;
              },
              answer.lateMillis(),
              TimeUnit.MILLISECONDS);
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serveStreams() {
    while (!streams.isClosed()) {
      try (Socket stream = streams.accept()) {
        DataInputStream in = new DataInputStream(stream.getInputStream());
        byte[] query = in.readNBytes(in.readUnsignedShort());
        byte[] reply = encode(query, answer(query));
        DataOutputStream out = new DataOutputStream(stream.getOutputStream());
        out.writeShort(reply.length);
        out.write(reply);
        out.flush();
        in.readAllBytes(); // until the other side has read it all
      } catch (IOException e) {
        // the other side ended it, or the test is over
      }
    }
  }

  /** With the bit TC instead of the records if it is too long. */
  private static byte[] fitting(byte[] reply) {
    if (reply.length <= LONGEST_DATAGRAM) {
      return reply;
    }
    byte[] cut = Arrays.copyOf(reply, questionEnd(reply));
    cut[2] |= 2;
    cut[6] = 0;
    cut[7] = 0;
    return cut;
  }

  private static int questionEnd(byte[] message) {
    int at = 12;
    while (message[at] != 0) {
      at += message[at] + 1;
    }
    return at + 5;
  }

  private Answer answer(byte[] query) {
    StringBuilder read = new StringBuilder();
    for (int at = 12; query[at] != 0; at += query[at] + 1) {
      read.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII)).append('.');
    }
    String name = read.substring(0, read.length() - 1).toLowerCase(Locale.ROOT);
    if (type(query) == A) {
      asked.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
    }
    return zone.getOrDefault(name, () -> error(NXDOMAIN)).get();
  }

  private static int type(byte[] query) {
    return ByteBuffer.wrap(query, questionEnd(query) - 4, 2).getShort();
  }

  private static byte[] encode(byte[] query, Answer answer) {
    int questionEnd = questionEnd(query);
    int type = type(query);
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int count = 0;
    int owner = 0xc00c;
    if (!answer.alias().isEmpty()) {
      byte[] target = wire(answer.alias());
      write(records, owner, CNAME, target);
      owner = 0xc000 | (questionEnd + 12);
      count++;
    }
    for (String text : answer.addresses()) {
      byte[] bytes = AddressLiteral.bytes(text);
      if (type == (bytes.length == 4 ? A : AAAA)) {
        write(records, owner, type, bytes);
        count++;
      }
    }
    ByteBuffer reply = ByteBuffer.allocate(questionEnd + records.size());
    reply.put(query, 0, questionEnd).put(records.toByteArray());
    reply.put(2, (byte) 0x85).put(3, (byte) (0x80 | answer.code()));
    reply.putShort(6, (short) count).putShort(8, (short) 0).putShort(10, (short) 0);
    return reply.array();
  }

  private static void write(ByteArrayOutputStream out, int owner, int type, byte[] data) {
    ByteBuffer head = ByteBuffer.allocate(12);
    head.putShort((short) owner).putShort((short) type).putShort((short) 1);
    head.putInt(0).putShort((short) data.length);
    out.writeBytes(head.array());
    out.writeBytes(data);
  }

  private static byte[] wire(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.write(0);
    return out.toByteArray();
  }
}
