package io.fastyoke.integrations.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as it comes over the wire, without a browser. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class WeightPageTest {
  private static final int MOST_BYTES = 100_000;
  private static final Pattern SCRIPT = Pattern.compile("<script[^>]*src=\"([^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(strings = {"/admin/integrations", "/admin/integrations/"})
  void isServedWithAndWithoutASlash(String address) throws Exception {
    HttpResponse<String> page = client.send(get(address).build(), BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe", "http");
  }

  @Test
  void carriesNoInlineScriptOrStyle() throws Exception {
    assertThat(page()).doesNotContain("<style").doesNotContain("style=");
    assertThat(Pattern.compile("<script(?![^>]*src=)").matcher(page()).find()).isFalse();
  }

  @Test
  void sendsAtMostAHundredKilobytesOfScript() throws Exception {
    int sum = 0;
    Matcher scripts = SCRIPT.matcher(page());
    while (scripts.find()) {
      HttpRequest request = get(scripts.group(1)).header("Accept-Encoding", "gzip").build();
      HttpResponse<byte[]> script = client.send(request, BodyHandlers.ofByteArray());
      assertThat(script.headers().firstValue("Content-Encoding")).hasValue("gzip");
      sum += script.body().length;
    }
    assertThat(sum).isBetween(1, MOST_BYTES);
  }

  private String page() throws IOException, InterruptedException {
    return client.send(get("/admin/integrations").build(), BodyHandlers.ofString()).body();
  }

  private static HttpRequest.Builder get(String address) {
    URI uri = PageFixture.baseUrl().resolve(address);
    return HttpRequest.newBuilder(uri);
  }
}
