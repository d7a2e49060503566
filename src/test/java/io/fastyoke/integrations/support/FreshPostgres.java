package io.fastyoke.integrations.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An empty PostgreSQL server for the tests of one class; register it in a static field. */
public final class FreshPostgres implements BeforeAllCallback, AfterAllCallback {
  private EmbeddedPostgres server;

  /** The server, which runs from before the first test until after the last. */
  public EmbeddedPostgres server() {
    return Objects.requireNonNull(server, "not started yet");
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server = EmbeddedPostgres.builder().start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server().close();
  }
}
