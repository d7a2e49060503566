package io.fastyoke.integrations.egress;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that send to a new {@link Upstream} each, over an {@link Egress} of their own. */
abstract class UpstreamCase {
  final EgressFixture fixture;
  Upstream upstream;

  /**
   * @param ranges that may be sent to
   */
  UpstreamCase(String ranges) {
    fixture = EgressFixture.allowing(ranges);
  }

  @BeforeEach
  void open() throws IOException {
    upstream = Upstream.plain();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
    fixture.close();
  }
}
