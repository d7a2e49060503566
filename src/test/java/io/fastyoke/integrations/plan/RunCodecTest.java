package io.fastyoke.integrations.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.NullNode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.http.WireFormat;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.templating.Json;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes of a stored run. Rows outlive versions, and replicas of two versions share them during
 * a rolling upgrade: what is frozen here is never changed, only added to.
 */
class RunCodecTest {
  private static final UUID ID = UUID.fromString("01939a6e-5c2a-7c31-8d7e-1f0e8a6f4b21");
  private static final UUID OTHER = UUID.fromString("01939a6e-5c2b-7d10-9a43-5be1c02f9d77");

  private static final String PLAN =
      """
      {"job":{"id":"job_1","z":1.10,"a":[-0.0,1e400,12345678901234567890,"ü 😀 \\"\\\\ \\n",null,{}]},\
      "transition":{"event_type":"start"},"context":null,\
      "actor":{"sub":"engine","email":null,"impersonated_by":"ann@example.com"},\
      "actions":[{"action_type":"WEBHOOK","payload_template":{"connection_id":"%1$s","method":"PUT",\
      "path":"/hooks/{{job.id}}","headers":{"X-B":"2","X-A":null},"body":{"n":1e5,"b":[],"a":false}},\
      "continue_on_failure":true,"retry":{"max_attempts":3,"backoff_ms":1000,"max_backoff_ms":3600000,\
      "on_unknown":"retry"}},\
      {"action_type":"WEBHOOK","payload_template":{"connection_id":"c","method":null,"path":null,\
      "headers":null,"body":null},"continue_on_failure":false,"retry":{"max_attempts":null,\
      "backoff_ms":null,"max_backoff_ms":null,"on_unknown":null}},\
      {"action_type":"WEBHOOK","payload_template":{"connection_id":"c","method":null,"path":"",\
      "headers":{},"body":"{{job}}"},"continue_on_failure":false,"retry":null}]}"""
          .formatted(ID);

  private static final String ACTIONS =
      """
      [{"index":0,"action_type":"WEBHOOK","connection_id":"%1$s","provider":"generic_rest",\
      "delivery_id":"%2$s","status":"failed","attempts":3,"next_attempt_at":null,\
      "response_status":500,"duration_ms":12,\
      "error":{"code":"http_status","message":"The receiver answered \\"500\\"."}},\
      {"index":1,"action_type":"WEBHOOK","connection_id":null,"provider":null,"delivery_id":"%1$s",\
      "status":"retrying","attempts":1,"next_attempt_at":"2026-11-23T09:08:07.060Z",\
      "response_status":null,"duration_ms":null,"error":null}]"""
          .formatted(ID, OTHER);

  /** Of the plan above, ordered, and a replay of {@link #ID}. */
  private static final String HASH =
      "578441405bdb7b70066407299981a16b1c4a91d2337db46f54262a2bec2823f3";

  private final ObjectMapper json = mapper();
  private final RunCodec codec = new RunCodec(json);

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    new WireFormat().customize(mapper);
    return mapper;
  }

  private static RunPlan plan() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-B", "2");
    headers.put("X-A", null);
    return new RunPlan(
        Json.parse(
            "{\"id\":\"job_1\",\"z\":1.10,\"a\":[-0.0,1e400,12345678901234567890,"
                + "\"ü \\ud83d\\ude00 \\\"\\\\ \\n\",null,{}]}"),
        Json.parse("{\"event_type\":\"start\"}"),
        null,
        new Actor("engine", null, "ann@example.com"),
        List.of(
            new PlannedAction(
                "WEBHOOK",
                new PayloadTemplate(
                    ID.toString(),
                    "PUT",
                    "/hooks/{{job.id}}",
                    headers,
                    Json.parse("{\"n\":1e5,\"b\":[],\"a\":false}")),
                true,
                new RetryOptions(3, 1_000L, 3_600_000L, "retry")),
            new PlannedAction(
                "WEBHOOK",
                new PayloadTemplate("c", null, null, null, null),
                false,
                new RetryOptions(null, null, null, null)),
            new PlannedAction(
                "WEBHOOK",
                new PayloadTemplate("c", null, "", Map.of(), Json.parse("\"{{job}}\"")),
                false,
                null)));
  }

  private static List<ActionProgress> actions() {
    return List.of(
        new ActionProgress(
            0,
            "WEBHOOK",
            ID.toString(),
            "generic_rest",
            OTHER,
            Status.FAILED,
            3,
            null,
            500,
            12,
            null,
            new Failure("http_status", "The receiver answered \"500\".")),
        new ActionProgress(
            1,
            "WEBHOOK",
            null,
            null,
            ID,
            Status.RETRYING,
            1,
            Instant.parse("2026-11-23T09:08:07.060Z"),
            null,
            null,
            null,
            null));
  }

  private static ActionProgress named(ActionProgress action) {
    return new ActionProgress(
        action.index(),
        action.actionType(),
        action.connectionId(),
        action.provider(),
        action.deliveryId(),
        action.status(),
        action.attempts(),
        action.nextAttemptAt(),
        action.responseStatus(),
        action.durationMs(),
        "SM1",
        action.error());
  }

  @Test
  void aPlanIsStoredAsItAlwaysWas() {
    assertThat(codec.write(plan())).isEqualTo(PLAN);
  }

  @Test
  void progressIsStoredAsItAlwaysWas() {
    assertThat(codec.write(actions())).isEqualTo(ACTIONS);
  }

  @Test
  void aRequestHasTheHashThatItAlwaysHad() {
    assertThat(HexFormat.of().formatHex(codec.hash(plan(), true, ID))).isEqualTo(HASH);
    assertThat(codec.hash(plan(), false, null)).isNotEqualTo(codec.hash(plan(), true, null));
    assertThat(codec.hash(codec.plan(PLAN), true, ID)).isEqualTo(codec.hash(plan(), true, ID));
  }

  @Test
  void whatIsStoredIsReadBack() {
    assertThat(codec.write(codec.plan(PLAN))).isEqualTo(PLAN);
    assertThat(codec.plan(PLAN).actions().get(0)).isEqualTo(plan().actions().get(0));
    assertThat(codec.plan(PLAN).actor()).isEqualTo(plan().actor());
    assertThat(codec.actions(ACTIONS)).isEqualTo(actions());
  }

  /**
   * Every field of the records is stored: Jackson, which finds them by reflection, says the same.
   */
  @Test
  void reflectionFindsNoFurtherField() throws Exception {
    // Of what is not there nothing is written, as in rows from before there was a trace or a
    // notice.
    RunPlan traced =
        plan().tracedBy("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").asNotice();
    assertThat(codec.write(traced)).isEqualTo(json.writeValueAsString(traced));
    assertThat(codec.plan(codec.write(traced)).traceparent()).isEqualTo(traced.traceparent());
    assertThat(codec.plan(codec.write(traced)).notice()).isTrue();
    // Nor of a name that the provider did not give.
    List<ActionProgress> named = List.of(named(actions().get(0)), named(actions().get(1)));
    assertThat(codec.write(named)).isEqualTo(json.writeValueAsString(named));
    assertThat(codec.actions(codec.write(named))).isEqualTo(named);
    RunPlan plan = plan();
    byte[] meaning =
        json.writer()
            .with(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .writeValueAsBytes(
                Arrays.asList(
                    plan.job(), plan.transition(), plan.context(), plan.actions(), true, ID));
    assertThat(codec.hash(plan, true, ID))
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(meaning));
  }

  /** Neither is in rows of before, nor in most of now; neither is what tells requests apart. */
  @Test
  void answersForLaterActionsAndTheNumbersOfAReplayAreStored() {
    KeptResponse kept = new KeptResponse(201, Map.of("x-request-id", "r"), "{\"a\":1.10}");
    List<ActionProgress> actions = List.of(actions().get(1).keeping(kept));
    String stored = codec.write(actions);
    assertThat(stored)
        .endsWith(
            ",\"error\":null,\"response\":{\"status\":201,\"headers\":{\"x-request-id\":\"r\"},\"json\":\"{\\\"a\\\":1.10}\"}}]");
    assertThat(codec.actions(stored)).isEqualTo(actions);
    List<PlannedAction> moved = plan().actions().stream().map(a -> a.replaying(7)).toList();
    RunPlan replay =
        new RunPlan(plan().job(), plan().transition(), plan().context(), plan().actor(), moved);
    assertThat(codec.plan(codec.write(replay)).nameOf(0)).isEqualTo(7);
    assertThat(codec.hash(replay, true, ID)).isEqualTo(codec.hash(plan(), true, ID));
  }

  @Test
  void theOrderOfKeysIsNotPartOfARequest() {
    String other =
        PLAN.replace("{\"n\":1e5,\"b\":[],\"a\":false}", "{\"a\":false,\"b\":[],\"n\":1e5}")
            .replace("{\"X-B\":\"2\",\"X-A\":null}", "{\"X-A\":null,\"X-B\":\"2\"}");
    assertThat(other).isNotEqualTo(PLAN);
    assertThat(codec.hash(codec.plan(other), true, ID)).isEqualTo(codec.hash(plan(), true, ID));
  }

  @Test
  void whatANewerVersionHasAddedIsPassedOver() throws JsonProcessingException {
    JsonNode added = json.readTree("{\"new\":{\"x\":[1,{}]},\"deep\":[[]]}");
    assertThat(codec.write(codec.plan(widened(PLAN, added)))).isEqualTo(PLAN);
    assertThat(codec.actions(widened(ACTIONS, added))).isEqualTo(actions());
  }

  /** Adds fields to each object that is one of ours. */
  private static String widened(String stored, JsonNode added) {
    String fields = added.toString();
    String inside = fields.substring(1, fields.length() - 1) + ",";
    return stored
        .replace("{\"job\"", "{" + inside + "\"job\"")
        .replace("{\"sub\"", "{" + inside + "\"sub\"")
        .replace("{\"action_type\"", "{" + inside + "\"action_type\"")
        .replace("{\"connection_id\"", "{" + inside + "\"connection_id\"")
        .replace("{\"max_attempts\"", "{" + inside + "\"max_attempts\"")
        .replace("{\"index\"", "{" + inside + "\"index\"")
        .replace("{\"code\"", "{" + inside + "\"code\"");
  }

  @Test
  void whatMayBeNullMayBeAbsent() {
    RunPlan read =
        codec.plan(
            "{\"job\":null,\"actor\":{\"sub\":\"s\"},\"actions\":[{\"action_type\":\"WEBHOOK\","
                + "\"payload_template\":{},\"continue_on_failure\":false}]}");
    assertThat(read.transition()).isNull();
    assertThat(read.job()).isEqualTo(NullNode.getInstance());
    assertThat(read.actions().get(0).retry()).isNull();
    assertThat(read.actions().get(0).payloadTemplate())
        .isEqualTo(new PayloadTemplate(null, null, null, null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"actor\":null,\"actions\":[]}",
        "{\"actor\":{\"sub\":1},\"actions\":[]}",
        "{\"actor\":{\"sub\":\"s\"},\"actions\":[null]}",
        "{\"actor\":{\"sub\":\"s\"},\"actions\":[]} {}",
        "{\"job\":{\"a\":1,\"a\":2},\"actor\":{\"sub\":\"s\"},\"actions\":[]}",
        "{\"actor\":{\"sub\":\"s\"},\"actions\":[",
      })
  void whatIsNoPlanIsRefusedWithoutQuotingIt(String stored) {
    assertThatThrownBy(() -> codec.plan(stored))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A stored run does not have the shape this version expects.")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"index\":0 \"index\":\"0\"",
        "\"index\":0 \"index\":0.0",
        "\"index\":0 \"index\":99999999999",
        "\"index\":0 \"index\":null",
        "\"index\":0, ",
        "\"failed\" \"FAILED\"",
        "\"failed\" 4",
        "\"failed\" \"lost\"",
        "09:08:07.060Z 09:08",
        "\"delivery_id\":\"01939a6e \"delivery_id\":\"1939a6e",
        "{\"code\":\"http_status\", {",
      })
  void progressIsReadStrictly(String change) {
    String[] parts = change.split(" ", 2);
    assertThat(ACTIONS).contains(parts[0]);
    assertThatThrownBy(() -> codec.actions(ACTIONS.replace(parts[0], parts[1])))
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause();
  }
}
