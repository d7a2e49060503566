package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressInjectionTest {
  private static HeaderHost host;

  @BeforeAll
  static void open() throws IOException {
    host = new HeaderHost();
  }

  @AfterAll
  static void close() throws IOException {
    host.close();
  }

  private static void refused(Header header) {
    int before = host.upstream.requests().size();
    NotSent end = (NotSent) host.send(header);
    assertThat(end.cause()).isEqualTo(Cause.BLOCKED);
    assertThat(end.message()).startsWith("The ").doesNotContain("evil");
    assertThat(host.upstream.requests()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nevil: 1",
        "a\nevil",
        "a\revil",
        "a\r\n evil",
        "a\n\tevil",
        "evil\u0000",
        "evil\u007f",
        "\u000bevil",
        "evilü",
        "evil\u010d\u010a",
        "\u560d\u560aevil"
      })
  void valuesThatWouldNotStayValues(String value) {
    refused(new Header("X-A", value));
    refused(new Header("X-A", new StringBuilder(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "X A",
        "X:A",
        "X-A\r\nevil",
        "X-A\u0000",
        "X-Ä",
        "X(A)",
        "Host",
        "host",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "HTTP2-Settings",
        "Proxy-Authorization",
        "proxy-connection",
        ":authority"
      })
  void namesThatAreNoneOrNotTheCallers(String name) {
    refused(new Header(name, "evil"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "get", "", "GET /x HTTP/1.1\r\nevil: 1\r\n\r\nGET"})
  void methodsThatAreNotAllowed(String method) {
    NotSent end =
        (NotSent)
            host.fixture.send(
                new OutboundRequest(
                    method,
                    URI.create("http://localhost:" + host.upstream.port() + "/good"),
                    List.of(),
                    null,
                    Duration.ofSeconds(1),
                    Origin.TENANT,
                    "t1"));
    assertThat(end.cause()).isEqualTo(Cause.BLOCKED);
  }

  @Test
  void aThousandPoisonedRequestsLeaveThePoolAsItWas() {
    for (int i = 0; i < 1000; i++) {
      refused(new Header("X-A", "a\r\n evil"));
    }
    Exchange good =
        host.fixture.send(
            EgressFixture.within(
                1000, EgressFixture.get("http://localhost:" + host.upstream.port() + "/good")));
    assertThat(good).isInstanceOf(Answered.class);
  }
}
