package io.fastyoke.integrations.contract;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The one of Spring. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class SpringAuthorizationServerTest extends AuthorizationServerContract {
  private static SpringTokenServer server;

  @BeforeAll
  static void start() {
    server = new SpringTokenServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  String url() {
    return server.url();
  }

  @Override
  String tokenPath() {
    return "/oauth2/token";
  }

  @Override
  int tokens() {
    return server.tokens();
  }

  @Override
  int refused() {
    return server.refused();
  }

  @Override
  void revoke() {
    server.revoke();
  }
}
