package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class EgressHeaderFuzzTest {
  private static HeaderHost host;

  @BeforeContainer
  static void open() throws IOException {
    host = new HeaderHost();
  }

  @AfterContainer
  static void close() throws IOException {
    host.close();
  }

  /** Whatever the value, the wire carries one request with it, or nothing at all. */
  @Property(tries = 300)
  void valuesNeverAddLines(
      @ForAll @StringLength(max = 12) @CharRange(from = '\u0000', to = '\u00ff') String value) {
    int before = host.upstream.requests().size();
    boolean clean = value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f));
    Exchange end = host.send(new Header("X-Fuzz", value));
    assertThat(end).isInstanceOf(clean ? Answered.class : NotSent.class);
    assertThat(host.upstream.requests()).hasSize(clean ? before + 1 : before);
    if (clean) {
      assertThat(host.upstream.requests().get(before).lines().filter(l -> l.startsWith("X-Fuzz")))
          .containsExactly("X-Fuzz: " + value);
    }
  }

  @Property(tries = 100)
  void tokensPass(@ForAll @AlphaChars @StringLength(min = 1, max = 8) String name) {
    assertThat(host.send(new Header("X-" + name, "1"))).isInstanceOf(Answered.class);
    assertThat(host.upstream.requests().get(host.upstream.requests().size() - 1))
        .contains("\r\nX-" + name + ": 1\r\n");
  }
}
