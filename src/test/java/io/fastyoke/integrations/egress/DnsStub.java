package io.fastyoke.integrations.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A name server over UDP (RFC 1035) that says what a test wants. TTL is always 0. */
final class DnsStub implements AutoCloseable {
  private static final int A = 1;
  private static final int CNAME = 5;
  private static final int AAAA = 28;
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private final DatagramSocket socket;
  private final Map<String, Supplier<Answer>> zone = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  /** Addresses, an alias in front of them, or an error; silent gives no answer at all. */
  record Answer(int code, String alias, String[] addresses, boolean silent) {}

  DnsStub() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread thread = new Thread(this::serve, "dns-stub");
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  static Answer addresses(String... addresses) {
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

  DnsStub say(String name, Answer answer) {
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
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] reply = reply(Arrays.copyOf(buffer, packet.getLength()));
        if (reply.length > 0) {
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private byte[] reply(byte[] query) {
    StringBuilder read = new StringBuilder();
    int at = 12;
    while (query[at] != 0) {
      read.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII)).append('.');
      at += query[at] + 1;
    }
    int type = ByteBuffer.wrap(query, at + 1, 2).getShort();
    String name = read.substring(0, read.length() - 1).toLowerCase(Locale.ROOT);
    if (type == A) {
      asked.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
    }
    Answer answer = zone.getOrDefault(name, () -> error(NXDOMAIN)).get();
    return answer.silent() ? new byte[0] : encode(query, at + 5, type, answer);
  }

  private static byte[] encode(byte[] query, int questionEnd, int type, Answer answer) {
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
