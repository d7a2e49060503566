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
  private static Upstream upstream;
  private static EgressFixture fixture;

  @BeforeAll
  static void open() throws IOException {
    upstream = Upstream.plain();
    fixture = EgressFixture.allowing("127.0.0.0/8", 5);
  }

  @AfterAll
  static void shut() throws IOException {
    fixture.close();
    upstream.close();
  }

  private static Exchange send(Header header) {
    return fixture.send(
        EgressFixture.post("http://localhost:" + upstream.port() + "/good", "{}", header));
  }

  private static void refused(Header header) {
    int before = upstream.requests().size();
    NotSent end = (NotSent) send(header);
    assertThat(end.cause()).isEqualTo(Cause.BLOCKED);
    assertThat(end.message()).startsWith("The ").doesNotContain("evil");
    assertThat(upstream.requests()).hasSize(before);
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
            fixture.send(
                new OutboundRequest(
                    method,
                    URI.create("http://localhost:" + upstream.port() + "/good"),
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
        fixture.send(
            EgressFixture.within(
                1000, EgressFixture.get("http://localhost:" + upstream.port() + "/good")));
    assertThat(good).isInstanceOf(Answered.class);
  }
}
