package io.fastyoke.integrations.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixFilterTest {
  private final Random random = new Random(27);

  /** The forms come from the encoders of the JDK; the filter computes only how they begin. */
  @Test
  void findsEveryFormOfEveryValueWithinOtherText() {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      values.add(bytes(4 + random.nextInt(40)));
    }
    PrefixFilter filter = new PrefixFilter(values);
    for (byte[] value : values) {
      List<byte[]> forms = new ArrayList<>();
      SecretForms.encodings(forms, value);
      assertThat(forms).hasSizeGreaterThan(6);
      for (byte[] form : forms) {
        assertThat(filter.mayBeIn(within(form))).as(Arrays.toString(form)).isTrue();
      }
    }
  }

  @Test
  void holdsNothingElse() {
    PrefixFilter filter = new PrefixFilter(List.of(ascii("Bearer-of-a-secret"), ascii("whsec_")));
    assertThat(filter.mayBeIn(raw("http://host.example.com/hooks/job-started"))).isFalse();
    assertThat(filter.mayBeIn(raw("Bea"))).isFalse();
    assertThat(filter.mayBeIn(raw("a Bearer-of-a-secret"))).isTrue();
    assertThat(filter.mayBeIn(raw("whse"))).isTrue();
  }

  @Test
  void fourZeroBytesAreAValueToo() {
    assertThat(new PrefixFilter(List.of(new byte[4])).mayBeIn(EscapedText.raw(new byte[4])))
        .isTrue();
    assertThat(new PrefixFilter(List.of(ascii("four"))).mayBeIn(EscapedText.raw(new byte[4])))
        .isFalse();
  }

  @Test
  void aShortValueMayBeAnywhere() {
    assertThat(new PrefixFilter(List.of(ascii("abc"))).mayBeIn(raw("nothing of it"))).isTrue();
    assertThat(new PrefixFilter(List.of(new byte[0])).mayBeIn(raw("nothing of it"))).isFalse();
  }

  @Test
  void holdsNothingOnceItIsWiped() {
    PrefixFilter filter = new PrefixFilter(List.of(ascii("Bearer-of-a-secret"), new byte[4]));
    filter.wipe();
    assertThat(filter.mayBeIn(raw("Bearer-of-a-secret"))).isFalse();
    assertThat(filter.mayBeIn(EscapedText.raw(new byte[4]))).isFalse();
  }

  private EscapedText within(byte[] form) {
    byte[] text = bytes(form.length + 5);
    System.arraycopy(form, 0, text, 3, form.length);
    return EscapedText.raw(text);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static EscapedText raw(String text) {
    return EscapedText.raw(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
