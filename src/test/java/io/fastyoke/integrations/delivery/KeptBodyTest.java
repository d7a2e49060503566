package io.fastyoke.integrations.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.redaction.Redactors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of failures as servers really write them. */
class KeptBodyTest {
  private static final String SECRET = "hush-Token~9";
  private static final String SAID = "{\"error\":\"no hush-Token~9, gr\u00fc\u00dfe\"}";
  private static final String KEPT = "{\"error\":\"no [redacted], gr\u00fc\u00dfe\"}";
  private static final byte[] BINARY = {
    (byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 1, (byte) 0xFF
  };

  private static KeptBody kept(byte[] body, boolean truncated, String... headers) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Map.entry(headers[i], headers[i + 1]));
    }
    Answered answered = new Answered(401, all, body, truncated, Duration.ZERO);
    try (Redactor redactor = Redactors.of(SECRET)) {
      return KeptBody.of(answered, redactor);
    }
  }

  private static byte[] with(byte[] start, byte[] rest) {
    byte[] all = Arrays.copyOf(start, start.length + rest.length);
    System.arraycopy(rest, 0, all, start.length, rest.length);
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, text/plain; charset=utf-16le",
    "UTF-16BE, 'application/json; charset=\"UTF-16BE\"'",
    "UTF-16, text/plain; charset=utf-16",
    "UTF-16LE, text/plain",
    "UTF-16BE, application/octet-stream",
    "UTF-16, application/json; charset=utf-8",
    "UTF-32LE, text/plain; charset=utf-32le",
    "UTF-32BE, text/plain",
    "UTF-8, text/plain; charset=utf-16le",
    "UTF-8, application/octet-stream",
    "UTF-8, text/plain; charset=no-such-thing",
    "ISO-8859-1, text/plain; charset=iso-8859-1",
    "windows-1252, text/html",
    "windows-1252, application/json; charset=utf-8",
    "IBM037, text/plain; charset=ibm037",
  })
  void isReadInWhateverItIsWritten(String charset, String type) {
    byte[] body = SAID.getBytes(Charset.forName(charset));

    assertThat(kept(body, false, "Content-Type", type)).isEqualTo(new KeptBody(KEPT, false));
  }

  @Test
  void aMarkOfTheByteOrderIsObeyedAndLeftOut() {
    for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      byte[] body = ("\uFEFF" + SAID).getBytes(Charset.forName(charset));
      assertThat(kept(body, false)).as(charset).isEqualTo(new KeptBody(KEPT, false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate", "raw deflate", "gzip, gzip", "none"})
  void isUnpacked(String coding) throws IOException {
    byte[] body = SAID.getBytes(UTF_8);
    String label = coding.replace("raw ", "");
    for (String layer : coding.split(", ")) {
      body = packed(body, layer.equals("none") ? "gzip" : layer);
    }
    assertThat(
            label.equals("none") ? kept(body, false) : kept(body, false, "content-encoding", label))
        .isEqualTo(new KeptBody(KEPT, false));
  }

  private static byte[] packed(byte[] body, String... layers) throws IOException {
    byte[] all = body;
    for (String layer : layers) {
      all = packed(all, layer);
    }
    return all;
  }

  @Test
  void isUnpackedInTheOrderOfItsLabels() throws IOException {
    byte[] body = packed(SAID.getBytes(UTF_8), "raw deflate", "gzip");
    assertThat(kept(body, false, "content-encoding", "Deflate, GZIP").text()).isEqualTo(KEPT);
    assertThat(kept(body, false, "content-encoding", "deflate", "Content-Encoding", "gzip").text())
        .isEqualTo(KEPT);
  }

  @Test
  void zlibIsKnownWithoutALabelAndTextThatBeginsLikeItIsText() throws IOException {
    byte[] body = packed(SAID.getBytes(UTF_8), "deflate");
    assertThat(kept(body, false)).isEqualTo(new KeptBody(KEPT, false));
    String text = "x^2 + y^2 is not the sum";
    assertThat(kept(text.getBytes(UTF_8), false)).isEqualTo(new KeptBody(text, false));
  }

  /** Four layers are more than any server writes; more are a bomb. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void isUnpackedFourTimesAtMost(String layer) throws IOException {
    byte[] four = packed(SAID.getBytes(UTF_8), layer, layer, layer, layer);
    assertThat(kept(four, false)).isEqualTo(new KeptBody(KEPT, false));
    assertThat(kept(packed(four, layer), false).text()).startsWith("[not kept: ");
    assertThat(kept(packed(four, layer, layer), false).text()).startsWith("[not kept: ");
  }

  @Test
  void aLabelOfWhatIsNotPackedIsPassedOver() {
    byte[] body = SAID.getBytes(UTF_8);
    String four = "gzip, gzip, gzip, gzip";
    assertThat(kept(body, false, "content-encoding", four).text()).isEqualTo(KEPT);
    assertThat(kept(body, false, "content-encoding", "identity, " + four).text()).isEqualTo(KEPT);
    assertThat(kept(body, false, "content-encoding", four + ", gzip").text())
        .startsWith("[not kept: ");
    assertThat(kept(new byte[0], false, "content-encoding", "br"))
        .isEqualTo(new KeptBody("", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1f8b",
        "504b0304",
        "fd377a585a",
        "425a68",
        "28b52ffd",
        "377abcaf",
        "04224d18",
        "1f9d",
        "5d0000",
        "4c5a4950",
        "52617221",
        "25504446"
      })
  void whatBeginsLikeAnArchiveIsNotKept(String start) {
    assertThat(kept(HexFormat.of().parseHex(start), false).text()).startsWith("[not kept: ");
  }

  @ParameterizedTest
  @CsvSource({
    "text/html, true",
    "application/problem+json, true",
    "application/soap+xml, true",
    "application/javascript, true",
    "application/x-www-form-urlencoded, true",
    "application/octet-stream, false",
    "image/png, false",
    ", true"
  })
  void onlyTextsAreGuessedToBeInWindows1252(@Nullable String type, boolean text) {
    byte[] body = "no gr\u00fc\u00dfe today".getBytes(ISO_8859_1);
    KeptBody kept = type == null ? kept(body, false) : kept(body, false, "content-type", type);
    assertThat(kept.text().equals("no gr\u00fc\u00dfe today")).isEqualTo(text);
    assertThat(kept.text().startsWith("data:")).isNotEqualTo(text);
  }

  private static byte[] packed(byte[] body, String how) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, how.startsWith("raw"));
    try (OutputStream out =
        how.endsWith("deflate")
            ? new DeflaterOutputStream(packed, deflater)
            : new GZIPOutputStream(packed)) {
      out.write(body);
    }
    deflater.end();
    return packed.toByteArray();
  }

  @Test
  void aPackedBodyIsReadAsFarAsItGoes() throws IOException {
    byte[] packed = packed(("x".repeat(50_000) + SECRET).repeat(200).getBytes(UTF_8), "gzip");
    KeptBody large = kept(packed, false, "Content-Encoding", "gzip");
    assertThat(large.cut()).isTrue();
    assertThat(large.text()).hasSize(64 * 1024).contains("[redacted]").doesNotContain("hush");
    KeptBody half =
        kept(Arrays.copyOf(packed, packed.length / 2), true, "Content-Encoding", "gzip");
    assertThat(half.cut()).isTrue();
    assertThat(half.text()).startsWith("xxx").doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "compress", "gzip, br", "mystery"})
  void whatCannotBeUnpackedIsNotKept(String coding) {
    KeptBody kept = kept(BINARY, false, "Content-Encoding", coding);
    assertThat(kept.text()).startsWith("[not kept: ");
    assertThat(kept.cut()).isTrue();
  }

  @Test
  void whatIsNoTextIsKeptWithItsType() {
    String base64 = Base64.getEncoder().encodeToString(BINARY);
    assertThat(kept(BINARY, false, "Content-Type", "image/PNG; x=1"))
        .isEqualTo(new KeptBody("data:image/png;base64," + base64, false));
    assertThat(kept(BINARY, false, "Content-Type", "no type, at all"))
        .isEqualTo(new KeptBody("data:application/octet-stream;base64," + base64, false));
    KeptBody large = kept(Arrays.copyOf(BINARY, 70_000), true);
    assertThat(large.cut()).isTrue();
    assertThat(large.text().length()).isLessThanOrEqualTo(64 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "IBM037"})
  void noBase64OfASecretIsKept(String charset) {
    byte[] body = with(BINARY, SECRET.getBytes(Charset.forName(charset)));
    String kept = kept(body, false, "Content-Type", "application/octet-stream").text();
    assertThat(kept).startsWith("[not kept: ");
  }

  @Test
  void norOneThatIsPackedWithoutALabel() throws IOException {
    byte[] body = packed(("no " + SECRET + " for you, " + SECRET).getBytes(UTF_8), "raw deflate");
    assertThat(kept(body, false, "Content-Type", "application/octet-stream").text())
        .startsWith("[not kept: ");
    for (byte[] start : List.of(new byte[] {0x1F, (byte) 0x9D}, new byte[] {0x5D, 0, 0})) {
      assertThat(kept(with(start, BINARY), false).text()).startsWith("[not kept: ");
    }
  }

  @Test
  void aWrongLabelHidesNothing() {
    byte[] body = with(SECRET.getBytes(ISO_8859_1), new byte[] {0, 'a', 0, 'b', 0, 'c', 0, 'd'});
    String kept = kept(body, false, "Content-Type", "text/plain; charset=utf-16be").text();
    assertThat(kept).startsWith("[not kept: ");
    assertThat(
            kept("+AGgAdQBzAGg-".getBytes(UTF_8), false, "Content-Type", "a/b;charset=UTF-7")
                .text())
        .startsWith("[not kept: ");
  }

  /** Whatever is wrong with the rest of an answer: without its status it would be sent again. */
  @Test
  void anAnswerThatCannotBeKeptIsAnAnswerAllTheSame() {
    Answered answered =
        new Answered(
            410, List.of(Map.entry("Server", "x")), SAID.getBytes(UTF_8), false, Duration.ZERO);
    try (Redactor redactor = Redactors.broken()) {
      assertThat(ResponseClassifier.kept(answered, Set.of(), redactor))
          .isEqualTo(new Answer(410, Map.of(), "[not kept: it could not be read]", true));
    }
  }

  @Test
  void aCharacterThatIsCutInTwoIsLeftOut() {
    byte[] body = "gr\u00fc".getBytes(UTF_8);
    assertThat(kept(Arrays.copyOf(body, body.length - 1), true))
        .isEqualTo(new KeptBody("gr", true));
    KeptBody large = kept(("a" + "\u00fc".repeat(33_000)).getBytes(UTF_8), false);
    assertThat(large.text()).hasSize(32 * 1024).endsWith("\u00fc");
    assertThat(large.cut()).isTrue();
  }
}
