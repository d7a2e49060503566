package io.fastyoke.integrations.page;

import io.fastyoke.integrations.page.FakeApi.Call;
import io.fastyoke.integrations.page.FakeApi.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows as the service sends them. */
final class FakeData {
  static final String TWILIO = "00000000-0000-7000-8000-000000000001";

  /** Its client certificate ends in a week. */
  static final String ENDING = id(5);

  static final String FAILED_RUN = "00000000-0000-7000-9000-000000000001";
  static final String RUNNING_RUN = "00000000-0000-7000-9000-000000000002";

  static final String URL =
      "https://api.twilio.com/2010-04-01/Accounts/AC0f1e2d3c4b5a69788796a5b4c3d2e1f0/Messages.json";

  private static final Instant NOW = Instant.now();

  private FakeData() {}

  static List<?> providers() {
    Map<String, Object> headers = new HashMap<>(secret("headers", "Headers", false));
    headers.put("type", "map");
    headers.put("pattern", "[\\x21-\\x7E]+");
    headers.put("name_pattern", "[0-9A-Za-z\\-]+");
    headers.put("name_format", "letters, digits and hyphens");
    return List.of(
        provider("twilio", "Twilio", accountSid(), secret("auth_token", "Auth token", true)),
        provider("sendgrid", "Twilio SendGrid", secret("api_key", "API key", true)),
        provider("generic_rest", "REST webhook", baseUrl(), headers));
  }

  /** A provider with parts, and with fields that exclude each other. */
  static List<?> providersWithParts() {
    Map<String, Object> basic = new HashMap<>(secret("basic", "User name and password", false));
    Map<String, Object> secrets =
        new HashMap<>(secret("signing_secrets", "Signing secrets", false));
    secrets.put("type", "list");
    secrets.put("max_entries", 2);
    Map<String, Object> password = new HashMap<>(secret("password", "Password", true));
    password.put("min_length", 0);
    basic.put("type", "object");
    basic.put("fields", List.of(field("username", "User name", "[^:]+", false, true), password));
    Map<String, Object> rest =
        provider(
            "generic_rest",
            "REST webhook",
            baseUrl(),
            secret("auth_header", "Authorization header", false),
            basic,
            secrets);
    rest.put(
        "at_most_one_of",
        List.of(Map.of("label", "Sign in", "fields", List.of("auth_header", "basic"))));
    return List.of(rest);
  }

  /** A provider with texts of several lines, which are given together. */
  static List<?> providersWithTexts() {
    Map<String, Object> certificate =
        new HashMap<>(field("client_certificate", "Client certificate", "", false, false));
    Map<String, Object> key = new HashMap<>(secret("client_key", "Key", false));
    certificate.put("type", "text");
    key.put("type", "text");
    Map<String, Object> rest =
        provider("generic_rest", "REST webhook", baseUrl(), certificate, key);
    rest.put("together", List.of(List.of("client_certificate", "client_key")));
    return List.of(rest);
  }

  /** A fault of the service's own. */
  static Reply broken() {
    return new Reply(
        500,
        Map.of(
            "error",
            "internal",
            "message",
            "Something went wrong on our side.",
            "details",
            Map.of("request_id", "0d7c9b8e")),
        Map.of());
  }

  /** Providers of which two have a field of the same name, and one a choice between fields. */
  static List<?> providersWithRegions() {
    Map<String, Object> region = field("region", "Region", "", false, false);
    Map<String, Object> twilio =
        provider(
            "twilio",
            "Twilio",
            accountSid(),
            secret("auth_token", "Auth token", false),
            field("api_key_sid", "API key", "", false, false),
            secret("api_key_secret", "API key secret", false),
            region);
    twilio.put(
        "alternatives", List.of(List.of("auth_token"), List.of("api_key_sid", "api_key_secret")));
    return List.of(twilio, provider("generic_rest", "REST webhook", baseUrl(), region));
  }

  private static Map<String, Object> provider(String name, String title, Map<?, ?>... fields) {
    return new HashMap<>(Map.of("name", name, "title", title, "fields", List.of(fields)));
  }

  private static Map<String, Object> accountSid() {
    return field("account_sid", "Account SID", "AC[0-9a-f]{32}", false, true);
  }

  private static Map<String, Object> baseUrl() {
    return field("base_url", "Base URL", "https?://\\S+", false, true);
  }

  private static Map<String, Object> secret(String name, String label, boolean required) {
    return field(name, label, "", true, required);
  }

  private static Map<String, Object> field(
      String name, String label, String pattern, boolean secret, boolean required) {
    return Map.of(
        "name",
        name,
        "type",
        "string",
        "label",
        label,
        "pattern",
        pattern,
        "secret",
        secret,
        "required",
        required,
        "help",
        "Help for " + label + ".");
  }

  static List<Map<String, Object>> connections() {
    return List.of(
        connection(TWILIO, "Twilio production", "twilio", "active", "success"),
        connection(id(2), "ERP hooks", "generic_rest", "active", "failure"),
        connection(id(3), "Night shift", "generic_rest", "paused", "success"),
        connection(id(4), "Old billing", "generic_rest", "unreadable", "success"));
  }

  private static Map<String, Object> ending() {
    Map<String, Object> row =
        connection(ENDING, "Bank transfers", "generic_rest", "active", "success");
    row.put("certificate_expires_at", NOW.plus(Duration.ofDays(7)).toString());
    return row;
  }

  /** What the service does with {@code ids} and {@code status}. */
  static List<Map<String, Object>> filtered(List<Map<String, Object>> rows, Call call) {
    String ids = call.query().get("ids");
    String status = call.query().get("status");
    return rows.stream()
        .filter(row -> ids == null || ids.contains((String) row.get("id")))
        .filter(row -> status == null || has(row, status))
        .toList();
  }

  private static boolean has(Map<String, Object> row, String status) {
    return status.equals("failing")
        ? row.get("status").equals("active") && row.get("last_outcome").equals("failure")
        : row.get("status").equals(status);
  }

  static List<?> statsOf(String ids) {
    return ids.contains(TWILIO)
        ? List.of(
            Map.of(
                "connection_id", TWILIO, "totals", outcomes(1_176, 24, 9), "buckets", busyHours()))
        : List.of();
  }

  static List<Map<String, Object>> connections(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> connection(id(i), "Connection " + i, "generic_rest", "active", "success"))
        .toList();
  }

  static Map<String, Object> connection(
      String id, String name, String provider, String status, String outcome) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", id);
    row.put("provider", provider);
    row.put("connection_name", name);
    row.put("status", status);
    row.put("settings", Map.of("max_per_second", 20));
    row.put("created_at", ago(48 * 60));
    row.put("updated_at", ago(60));
    row.put("created_by", "admin@acme.test");
    row.put("last_fired_at", ago(5));
    row.put("last_outcome", outcome);
    return row;
  }

  static Reply connection(Call call) {
    return Stream.concat(connections().stream(), Stream.of(ending()))
        .filter(row -> call.path().endsWith((String) row.get("id")))
        .findFirst()
        .map(row -> Reply.ok(row).with("ETag", "\"1\""))
        .orElse(Reply.error(404, "not_found", "There is no such connection."));
  }

  static Map<String, Object> test(String outcome, int status) {
    return Map.of(
        "outcome", outcome, "response_status", status, "duration_ms", 120, "message", "Answered.");
  }

  static List<Map<String, Object>> runs() {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(run(FAILED_RUN, "job_1", "failed", 3));
    rows.add(run(RUNNING_RUN, "job_2", "running", 4));
    for (int i = 0; i < 40; i++) {
      rows.add(run(id(1_000 + i), "job_" + (3 + i), "succeeded", 10 + 20 * i));
    }
    return rows;
  }

  static Map<String, Object> run(String id, String job, String status, int minutes) {
    boolean failed = status.equals("failed");
    Map<String, Object> action = new HashMap<>();
    action.put("index", 0);
    action.put("action_type", "WEBHOOK");
    action.put("connection_id", TWILIO);
    action.put("provider", "twilio");
    action.put("delivery_id", id);
    action.put("status", status.equals("running") ? "retrying" : status);
    action.put("attempts", failed ? 2 : 1);
    action.put("response_status", failed ? 400 : 201);
    action.put("duration_ms", 100 + minutes);
    action.put("error", failed ? Map.of("code", "http_status", "message", "It said 400.") : null);
    Map<String, Object> row = new HashMap<>();
    row.put("id", id);
    row.put("job_id", job);
    row.put("status", status);
    row.put("created_at", ago(minutes));
    row.put("finished_at", status.equals("running") ? null : ago(minutes));
    row.put("actions", List.of(action));
    return row;
  }

  /** The only action of a run. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> action(Map<String, Object> run) {
    return ((List<Map<String, Object>>) run.get("actions")).get(0);
  }

  static Reply run(Call call) {
    Optional<Map<String, Object>> found =
        runs().stream().filter(row -> call.path().endsWith((String) row.get("id"))).findFirst();
    return found.map(Reply::ok).orElse(Reply.error(404, "not_found", "There is no such run."));
  }

  static List<?> events(String run) {
    return IntStream.rangeClosed(1, 2).mapToObj(attempt -> event(run, attempt)).toList();
  }

  static Map<String, Object> event(String run, int attempt) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", id(5_000 + attempt));
    row.put("run_id", run);
    row.put("action_index", 0);
    row.put("delivery_id", run);
    row.put("connection_id", TWILIO);
    row.put("provider", "twilio");
    row.put("event_type", "WEBHOOK");
    row.put("outcome", "failure");
    row.put("attempt", attempt);
    row.put("request", Map.of("method", "POST", "url", URL));
    row.put("response_status", 400);
    row.put("response_headers", Map.of("content-type", "application/json"));
    row.put(
        "response_body",
        "{\"code\":21211,\"message\":\"The 'To' number +1555 is not valid.\",\"status\":400}");
    row.put("error", Map.of("code", "http_status", "message", "api.twilio.com answered 400."));
    row.put("duration_ms", 103);
    row.put("timestamp", ago(3 - attempt));
    return row;
  }

  /** A day of which a bit more than half was busy; only one connection was. */
  static Map<String, Object> stats(String connection) {
    boolean quiet = connection != null && !connection.equals(TWILIO);
    Instant hour = NOW.truncatedTo(ChronoUnit.HOURS);
    List<?> buckets = quiet ? List.of() : busyHours();
    Map<String, Object> stats = new HashMap<>();
    stats.put("since", hour.minus(Duration.ofHours(23)).toString());
    stats.put("until", NOW.toString());
    stats.put("totals", quiet ? outcomes(0, 0, 0) : outcomes(1_176, 24, 9));
    stats.put("p50_ms", quiet ? null : 490);
    stats.put("p95_ms", quiet ? null : 850);
    stats.put("buckets", buckets);
    stats.put(
        "failing",
        quiet
            ? List.of()
            : List.of(Map.of("connection_id", TWILIO, "succeeded", 1_176, "failed", 24)));
    return stats;
  }

  private static List<?> busyHours() {
    Instant hour = NOW.truncatedTo(ChronoUnit.HOURS);
    return IntStream.range(0, 14)
        .mapToObj(i -> bucket(hour.minus(Duration.ofHours(13 - i)), i))
        .toList();
  }

  private static Map<String, Object> bucket(Instant at, int i) {
    Map<String, Object> bucket = outcomes(60 + 7 * i % 40, i % 5 == 0 ? 8 : 0, i == 9 ? 9 : 0);
    bucket.put("bucket", at.toString());
    return bucket;
  }

  private static Map<String, Object> outcomes(int succeeded, int failed, int skipped) {
    return new HashMap<>(
        Map.of("succeeded", succeeded, "failed", failed, "skipped", skipped, "cancelled", 0));
  }

  static Map<String, Object> notices() {
    return Map.of("connection_id", id(2), "path", "/alerts", "events", List.of("run.failed"));
  }

  static List<?> usage() {
    return List.of(
        Map.of("bucket", ago(0), "kind", "WebhookEgress", "provider", "twilio", "count", 1_234),
        Map.of("bucket", ago(0), "kind", "WebhookEgress", "provider", "sendgrid", "count", 56));
  }

  static String id(int number) {
    return "00000000-0000-7000-8000-%012d".formatted(number);
  }

  private static String ago(int minutes) {
    return NOW.minus(Duration.ofMinutes(minutes)).toString();
  }
}
