package io.fastyoke.integrations.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.impl.driver.Driver;
import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The page's sources have no type error. The bundler takes types away without judging them, so this
 * lets the TypeScript compiler do it: in the Node.js that Playwright brings along, on what Web
 * Bundler has installed by the time the service has started.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class TypesPageTest {
  private static final Path COMPILER = Path.of("node_modules", "typescript", "lib", "tsc.js");
  private static final Path PAGE = Path.of("src", "main", "resources", "web", "app");

  @Test
  void hasNoTypeError() throws Exception {
    List<String> command =
        Driver.ensureDriverInstalled(Map.of(), false).createProcessBuilder().command();
    Process compiler =
        new ProcessBuilder(command.get(0), COMPILER.toString(), "--project", PAGE.toString())
            .redirectErrorStream(true)
            .start();
    String findings = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    assertThat(compiler.waitFor()).as(findings).isZero();
  }
}
