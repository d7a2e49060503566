package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import java.io.IOException;

/** A host that answers, and an {@link Egress} that may send to it. */
final class HeaderHost implements AutoCloseable {
  final Upstream upstream;
  final EgressFixture fixture = EgressFixture.allowing("127.0.0.0/8", 5);

  HeaderHost() throws IOException {
    upstream = Upstream.plain();
  }

  /** Sends a request with this header. */
  Exchange send(Header header) {
    return fixture.send(
        EgressFixture.post("http://localhost:" + upstream.port() + "/good", "{}", header));
  }

  @Override
  public void close() throws IOException {
    fixture.close();
    upstream.close();
  }
}
