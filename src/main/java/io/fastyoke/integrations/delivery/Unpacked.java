package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.egress.Exchange.Answered;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body without its content codings (RFC 9110, section 8.4.1). They are not asked for, but some
 * send them all the same, and with or without a label.
 *
 * @param bytes as many as are worth looking at
 * @param cut whether something is missing at the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Unpacked(byte[] bytes, boolean cut) {
  /** With a margin, so that a secret that is cut in two is still recognised. */
  private static final int MAX_BYTES = KeptBody.MAX_BYTES + 8 * 1024;

  private static final int MAX_LAYERS = 4;

  private static final Set<String> NOT_PACKED = Set.of("", "identity", "none", "utf-8", "chunked");

  /**
   * How files begin that hold others in packed form: zip, xz, bzip2, zstd, 7z, lz4, compress, lzma,
   * lzip, rar, PDF.
   */
  private static final List<byte[]> PACKED =
      List.of(
          new byte[] {'P', 'K', 3, 4},
          new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z'},
          new byte[] {'B', 'Z', 'h'},
          new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD},
          new byte[] {'7', 'z', (byte) 0xBC, (byte) 0xAF},
          new byte[] {4, 0x22, 0x4D, 0x18},
          new byte[] {0x1F, (byte) 0x9D},
          new byte[] {0x5D, 0, 0},
          new byte[] {'L', 'Z', 'I', 'P'},
          new byte[] {'R', 'a', 'r', '!'},
          new byte[] {'%', 'P', 'D', 'F'});

  private static final byte[] GZIP = {0x1F, (byte) 0x8B};

  /** Null when it is packed in a way that is not known here. */
  static @Nullable Unpacked of(Answered answered) {
    List<String> codings = codings(answered);
    if (codings.size() > MAX_LAYERS) {
      return null;
    }
    Unpacked body = new Unpacked(answered.body(), answered.truncated());
    for (String coding : codings) {
      body = body.without(coding);
      if (body == null) {
        return null;
      }
    }
    Unpacked last = body.sniffed(0);
    return last == null || PACKED.stream().anyMatch(last::begins) ? null : last;
  }

  /** The last one first. */
  private static List<String> codings(Answered answered) {
    List<String> codings = new ArrayList<>();
    for (Map.Entry<String, String> header : answered.headers()) {
      if (header.getKey().equalsIgnoreCase("content-encoding")) {
        for (String coding : header.getValue().split(",", -1)) {
          codings.add(coding.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    codings.removeIf(NOT_PACKED::contains);
    Collections.reverse(codings);
    return codings;
  }

  /** What is not packed as its label says is taken for what it is. */
  private @Nullable Unpacked without(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip" -> begins(GZIP) ? gunzipped() : this;
      case "deflate" -> {
        Unpacked zlib = inflated(false);
        Unpacked raw = zlib == null ? inflated(true) : zlib;
        yield raw == null ? this : raw;
      }
      default -> bytes.length == 0 ? this : null;
    };
  }

  /** What is in it if it is a stream of deflate (RFC 1951), which nothing tells. */
  byte[] inflated() {
    Unpacked inner = inflated(true);
    return inner == null ? new byte[0] : inner.bytes;
  }

  private @Nullable Unpacked sniffed(int layer) {
    if (layer > MAX_LAYERS) {
      return null;
    }
    if (begins(GZIP)) {
      Unpacked inner = gunzipped();
      return inner == null ? null : inner.sniffed(layer + 1);
    }
    Unpacked inner = looksLikeZlib() ? inflated(false) : null;
    return inner == null ? this : inner.sniffed(layer + 1);
  }

  /** RFC 1950, section 2.2. */
  private boolean looksLikeZlib() {
    return bytes.length > 6
        && (bytes[0] & 0x8F) == 8
        && (((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF)) % 31 == 0;
  }

  private @Nullable Unpacked gunzipped() {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return read(in);
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable Unpacked inflated(boolean raw) {
    Inflater inflater = new Inflater(raw);
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes), inflater)) {
      Unpacked inner = read(in);
      return inner.bytes.length == 0 ? null : inner;
    } catch (IOException e) {
      return null;
    } finally {
      inflater.end();
    }
  }

  /** As far as it goes: what was cut off while packed has an end that cannot be read. */
  private Unpacked read(InputStream in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[4 * 1024];
    try {
      int read = 0;
      while (read >= 0 && out.size() < MAX_BYTES) {
        out.write(chunk, 0, read);
        read = in.read(chunk);
      }
      return new Unpacked(out.toByteArray(), cut || read >= 0);
    } catch (IOException e) {
      return new Unpacked(out.toByteArray(), true);
    }
  }

  private boolean begins(byte[] start) {
    return bytes.length >= start.length
        && java.util.Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }
}
