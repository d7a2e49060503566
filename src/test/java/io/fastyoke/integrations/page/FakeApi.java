package io.fastyoke.integrations.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The service's API as the page sees it, answered inside the browser: what a test does not say is
 * answered with {@link FakeData}. Keeps every call, for the test to look at.
 */
final class FakeApi {
  /** A call that the page made. */
  record Call(
      String method,
      String path,
      Map<String, String> query,
      JsonNode body,
      String text,
      String ifMatch,
      String idempotencyKey) {}

  /** JSON as text, for what no Java value keeps. */
  record Raw(String text) {}

  /** What the page gets for it. */
  record Reply(int status, Object body, Map<String, String> headers) {
    static Reply ok(Object body) {
      return new Reply(200, body, Map.of());
    }

    static Reply error(int status, String code, String message) {
      return new Reply(
          status, Map.of("error", code, "message", message, "details", Map.of()), Map.of());
    }

    static Reply invalid(String field, String message) {
      Map<String, Object> details =
          Map.of("fields", List.of(Map.of("field", field, "message", message)));
      return new Reply(
          400,
          Map.of("error", "validation_failed", "message", "Not valid.", "details", details),
          Map.of());
    }

    Reply with(String header, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(header, value);
      return new Reply(status, body, all);
    }
  }

  private static final String BASE = "/api/v1/tenant";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Pattern, Function<Call, Reply>> answers = new LinkedHashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private boolean away;
  private boolean silent;

  FakeApi() {
    on("GET /providers", call -> Reply.ok(FakeData.providers()));
    on("GET /connections", call -> page(FakeData.filtered(FakeData.connections(), call), call));
    on("POST /connections/test", call -> Reply.ok(FakeData.test("ok", 200)));
    on("GET /connections/[^/]+", FakeData::connection);
    on("PATCH /connections/[^/]+", FakeData::connection);
    on("DELETE /connections/[^/]+", call -> new Reply(204, null, Map.of()));
    on("POST /connections/[^/]+/test", call -> Reply.ok(FakeData.test("ok", 200)));
    on("GET /action-runs", call -> page(FakeData.runs(), call));
    on("GET /action-runs/[^/]+", FakeData::run);
    on("GET /event-log", call -> Reply.ok(FakeData.events(call.query().get("run_id"))));
    on("GET /stats", call -> Reply.ok(FakeData.stats(call.query().get("connection_id"))));
    on("GET /stats/connections", call -> Reply.ok(FakeData.statsOf(call.query().get("ids"))));
    on("GET /notices", call -> Reply.ok(FakeData.notices()));
    on("PUT /notices", call -> Reply.ok(call.body()));
    on("GET /usage", call -> Reply.ok(FakeData.usage()));
  }

  /**
   * Answers calls such as {@code "PATCH /connections/[^/]+"}; the newest answer that fits is given.
   */
  FakeApi on(String call, Function<Call, Reply> answer) {
    answers.put(Pattern.compile(call), answer);
    return this;
  }

  /** No call is ever answered. */
  FakeApi silent() {
    silent = true;
    return this;
  }

  /** From now on, no call gets through (or they do again). */
  void away(boolean yes) {
    away = yes;
  }

  List<Call> calls(String call) {
    Pattern wanted = Pattern.compile(call);
    return calls.stream()
        .filter(made -> wanted.matcher(made.method() + " " + made.path()).matches())
        .toList();
  }

  /** The first of the calls that were made. */
  Call call(String call) {
    return calls(call).get(0);
  }

  /**
   * Waits for such a call. What a page shows or has as its address says nothing about a call that
   * is only on its way: it comes a little later.
   */
  void waitForCall(Page page, String call, Predicate<Call> wanted) {
    page.waitForCondition(() -> calls(call).stream().anyMatch(wanted));
  }

  void install(BrowserContext context) {
    context.route("**" + BASE + "/**", this::answer);
  }

  /** A list, cut as the service cuts it. */
  static Reply page(List<?> rows, Call call) {
    int limit = Integer.parseInt(call.query().getOrDefault("limit", "50"));
    int from = Integer.parseInt(call.query().getOrDefault("cursor", "0"));
    int to = Math.min(rows.size(), from + limit);
    Reply reply = Reply.ok(rows.subList(from, to));
    if (to == rows.size()) {
      return reply;
    }
    StringBuilder next = new StringBuilder(BASE + call.path() + "?limit=" + limit);
    call.query()
        .forEach(
            (name, value) -> {
              if (!name.equals("limit") && !name.equals("cursor")) {
                next.append('&').append(name).append('=').append(value.replace(' ', '+'));
              }
            });
    next.append("&cursor=").append(to);
    return reply.with("Link", "<" + next + ">; rel=\"next\"");
  }

  private void answer(Route route) {
    if (silent) {
      return;
    }
    if (away) {
      route.abort();
      return;
    }
    Call call = read(route.request());
    calls.add(call);
    Reply reply = reply(call);
    Map<String, String> headers = new HashMap<>(reply.headers());
    headers.put("Content-Type", "application/json");
    route.fulfill(
        new Route.FulfillOptions()
            .setStatus(reply.status())
            .setHeaders(headers)
            .setBody(
                reply.body() instanceof Raw raw
                    ? raw.text()
                    : reply.body() == null ? "" : write(reply.body())));
  }

  private Reply reply(Call call) {
    Function<Call, Reply> found =
        ignored -> Reply.error(404, "not_found", "There is no such thing.");
    for (Map.Entry<Pattern, Function<Call, Reply>> answer : answers.entrySet()) {
      if (answer.getKey().matcher(call.method() + " " + call.path()).matches()) {
        found = answer.getValue();
      }
    }
    return found.apply(call);
  }

  private static Call read(Request request) {
    URI uri = URI.create(request.url());
    Map<String, String> query = new HashMap<>();
    for (String pair :
        uri.getQuery() == null ? new String[0] : uri.getQuery().replace('+', ' ').split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts[1]);
    }
    try {
      String sent = request.postData();
      return new Call(
          request.method(),
          uri.getPath().substring(BASE.length()),
          query,
          JSON.readTree(sent == null ? "null" : sent),
          sent == null ? "" : sent,
          request.headers().getOrDefault("if-match", ""),
          request.headers().getOrDefault("idempotency-key", ""));
    } catch (JsonProcessingException e) {
      throw new AssertionError("the page sent something that is not JSON", e);
    }
  }

  private static String write(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
