package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.egress.EgressFixture;
import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.Upstream;
import io.fastyoke.integrations.templating.Template;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.templating.Traversal;
import io.fastyoke.integrations.templating.Variables;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * From the template to the bytes that a bare socket receives: whatever the values are, one request
 * arrives with the target, headers and body that were meant, or none at all.
 */
class WirePropertiesTest {
  private static final String PATH = "/in/{{context.s}}/out?q={{context.s}}&r=1";
  private static final JsonNode BODY =
      Samples.json("{\"typed\":\"{{context.s}}\",\"text\":[\"a{{context.s}}b\"],\"n\":1.0}");
  private static final List<String> OF_FIXED_APIS =
      List.of(
          "host",
          "user-agent",
          "accept",
          "accept-encoding",
          "authorization",
          "content-type",
          "content-length");
  private static final String ACCOUNT = "AC" + "0".repeat(32);

  private static Upstream upstream;
  private static EgressFixture fixture;

  @BeforeContainer
  static void open() throws IOException {
    upstream = Upstream.plain();
    fixture = EgressFixture.allowing("127.0.0.0/8", 3);
  }

  @AfterContainer
  static void close() throws IOException {
    fixture.close();
    upstream.close();
  }

  private static String url() {
    return "http://127.0.0.1:" + upstream.port();
  }

  /** What arrived, read as strictly as RFC 9112 lets a receiver. */
  private record Arrival(String line, List<Map.Entry<String, String>> headers, String body) {
    static Arrival parse(String bytes) {
      int end = bytes.indexOf("\r\n\r\n");
      String[] lines = bytes.substring(0, end).split("\r\n", -1);
      List<Map.Entry<String, String>> headers =
          Arrays.stream(lines).skip(1).map(Arrival::header).toList();
      byte[] body = bytes.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
      return new Arrival(lines[0], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static Map.Entry<String, String> header(String line) {
      assertThat(line).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\\t\\x20-\\x7E]*");
      int colon = line.indexOf(':');
      return Map.entry(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }

    List<String> names() {
      return headers.stream().map(Map.Entry::getKey).toList();
    }

    List<String> all(String name) {
      return headers.stream()
          .filter(header -> header.getKey().equals(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    /** The text in the path and in the query, after the base. */
    void hasTarget(String method, String base, String text) {
      String[] words = line.split(" ", -1);
      assertThat(words).hasSize(3).startsWith(method).endsWith("HTTP/1.1");
      String[] halves = words[1].split("\\?", -1);
      assertThat(halves).hasSize(2);
      assertThat(halves[0]).startsWith(base + "/in/").endsWith("/out");
      String segment = halves[0].substring(base.length() + 4, halves[0].length() - 4);
      assertThat(segment).matches("(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+");
      assertThat(URLDecoder.decode(segment, StandardCharsets.UTF_8)).isEqualTo(text);
      assertThat(halves[1]).isEqualTo("q=" + segment + "&r=1");
    }
  }

  private static Optional<RenderedAction> rendered(
      String path, Map<String, String> headers, JsonNode body, String text) {
    ObjectNode roots = JsonNodeFactory.instance.objectNode();
    roots.putObject("context").put("s", text);
    Variables variables = Variables.of(roots);
    try {
      return Optional.of(
          new RenderedAction(
              "POST",
              Template.renderPath(path, variables),
              headers.entrySet().stream()
                  .map(
                      h ->
                          Map.entry(
                              h.getKey(),
                              Template.renderHeader(h.getKey(), h.getValue(), variables)))
                  .toList(),
              Template.renderBody(body, variables)));
    } catch (TemplateException e) {
      return Optional.empty();
    }
  }

  /** Sends, and gives what arrived; every exchange brings one request and no byte more. */
  private static Arrival arrival(OutboundRequest request) {
    int before = upstream.requests().size();
    assertThat(fixture.send(request)).isInstanceOf(Answered.class);
    assertThat(upstream.requests()).hasSize(before + 1);
    return Arrival.parse(upstream.requests().get(before));
  }

  private static Delivery delivery(String eventType) {
    Delivery sample = Samples.delivery(1, Samples.NOW);
    return new Delivery(
        sample.tenant(),
        sample.connectionId(),
        sample.deliveryId(),
        1,
        sample.now(),
        eventType,
        Duration.ofSeconds(10));
  }

  private static boolean fitsSegment(String text) {
    return !text.isEmpty() && !Traversal.leadsAway(text);
  }

  @Property(tries = 400)
  void genericRest(@ForAll("hostile") String text, @ForAll("hostile") String eventType) {
    boolean ascii = text.matches("[\\t\\x20-\\x7E]*");
    Optional<RenderedAction> action =
        rendered(PATH, Map.of("X-Test", "<{{context.s}}>"), BODY, text);
    assertThat(action.isPresent()).isEqualTo(ascii && fitsSegment(text));
    if (action.isEmpty()) {
      return;
    }
    Provider provider = new GenericRestProvider();
    Arrival arrival =
        arrival(
            Samples.request(
                provider,
                Samples.credentials(
                    Map.of(
                        "base_url", url() + "/base",
                        "auth_header", "Bearer hush",
                        "signing_secret", "aHVzaC1zaWduaW5nLWh1c2gtc2lnbmluZw==")),
                action.get(),
                delivery(eventType)));

    arrival.hasTarget("POST", "/base", text);
    assertThat(arrival.names())
        .containsExactlyInAnyOrder(
            "host",
            "x-test",
            "user-agent",
            "accept-encoding",
            "authorization",
            "content-type",
            "content-length",
            "idempotency-key",
            "x-fastyoke-event",
            "x-fastyoke-delivery",
            "x-fastyoke-attempt",
            "x-fastyoke-timestamp",
            "x-fastyoke-signature",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");
    assertThat(arrival.all("host")).containsExactly("127.0.0.1:" + upstream.port());
    assertThat(arrival.all("x-test")).containsExactly("<" + text + ">");
    assertThat(arrival.all("authorization")).containsExactly("Bearer hush");
    hasBody(arrival, text);
  }

  @Property(tries = 400)
  void sendgrid(@ForAll("hostile") String text) {
    Optional<RenderedAction> action = rendered(PATH, Map.of(), BODY, text);
    assertThat(action.isPresent()).isEqualTo(fitsSegment(text));
    if (action.isEmpty()) {
      return;
    }
    Provider provider = new SendgridProvider(Samples.allAt(url()));
    Arrival arrival =
        arrival(
            Samples.request(
                provider,
                Samples.credentials(Map.of("api_key", "SG.hush")),
                action.get(),
                delivery("x")));

    arrival.hasTarget("POST", "/v3", text);
    assertThat(arrival.names()).containsExactlyInAnyOrderElementsOf(OF_FIXED_APIS);
    hasBody(arrival, text);
  }

  @Property(tries = 400)
  void twilio(@ForAll("hostile") String text) {
    Optional<RenderedAction> action = rendered(PATH, Map.of(), BODY, text);
    assertThat(action.isPresent()).isEqualTo(fitsSegment(text));
    if (action.isEmpty()) {
      return;
    }
    Provider provider = new TwilioProvider(Samples.allAt(url()));
    Arrival arrival =
        arrival(
            Samples.request(
                provider,
                Samples.credentials(Map.of("account_sid", ACCOUNT, "auth_token", "hush")),
                action.get(),
                delivery("x")));

    arrival.hasTarget("POST", "/2010-04-01/Accounts/" + ACCOUNT, text);
    assertThat(arrival.names()).containsExactlyInAnyOrderElementsOf(OF_FIXED_APIS);
    assertThat(Arrays.stream(arrival.body().split("&", -1)).map(WirePropertiesTest::pair))
        .containsExactly(
            Map.entry("typed", text), Map.entry("text", "a" + text + "b"), Map.entry("n", "1.0"));
  }

  private static void hasBody(Arrival arrival, String text) {
    JsonNode sent = Samples.json(arrival.body());
    assertThat(sent.fieldNames()).toIterable().containsExactly("typed", "text", "n");
    assertThat(sent.get("typed").textValue()).isEqualTo(text);
    assertThat(sent.get("text")).hasSize(1);
    assertThat(sent.get("text").get(0).textValue()).isEqualTo("a" + text + "b");
    assertThat(arrival.all("content-length"))
        .containsExactly(Integer.toString(arrival.body().getBytes(StandardCharsets.UTF_8).length));
  }

  private static Map.Entry<String, String> pair(String encoded) {
    String[] halves = encoded.split("=", -1);
    assertThat(halves).hasSize(2);
    return Map.entry(
        URLDecoder.decode(halves[0], StandardCharsets.UTF_8),
        URLDecoder.decode(halves[1], StandardCharsets.UTF_8));
  }

  /** The pool has three connections; what is refused on the way to it must not hold any. */
  @Example
  void aThousandPoisonedTemplatesLeaveThePoolAsItWas() {
    Map<String, Object> credentials = Map.of("base_url", url());
    Provider provider = new GenericRestProvider();
    int before = upstream.requests().size();
    for (int i = 0; i < 1000; i++) {
      String poison = i % 2 == 0 ? "a\r\n evil: 1" : "..";
      assertThat(rendered(PATH, Map.of("X-Test", "{{context.s}}"), BODY, poison)).isEmpty();
      RenderedAction past =
          new RenderedAction("POST", "/x", List.of(Map.entry("X-Test", "a\r\nevil: 1")), BODY);
      assertThat(provider.checkAction(Samples.credentials(credentials), past)).hasSize(1);
    }
    assertThat(upstream.requests()).hasSize(before);
    RenderedAction good = rendered(PATH, Map.of(), BODY, "good").orElseThrow();
    arrival(Samples.request(provider, Samples.credentials(credentials), good, delivery("x")))
        .hasTarget("POST", "", "good");
  }

  /** Valid Unicode, much of it with a meaning to URLs, headers, forms or JSON. */
  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> meaningful =
        Arbitraries.of(
                "..",
                ".",
                "/",
                "\\",
                "%2e",
                "%0d%0a",
                "%",
                "?",
                "#",
                "&",
                "=",
                "+",
                "@",
                ":",
                ";",
                "\r\n",
                "\r\n\r\nGET /evil HTTP/1.1\r\n",
                "\n",
                "\t",
                "\u0000",
                "\u007f",
                "\u0085",
                "\u560a",
                "\"",
                "\",\"x\":\"",
                "{{context.s}}",
                "é",
                "😀",
                "a",
                " ")
            .list()
            .ofMaxSize(5)
            .map(parts -> String.join("", parts));
    Arbitrary<String> ascii = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(20);
    Arbitrary<String> any =
        Arbitraries.strings()
            .all()
            .ofMaxLength(20)
            .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    return Arbitraries.oneOf(meaningful, ascii, any);
  }
}
