package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.http.WireFormat;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.templating.Json;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The stored form of a run, by code and, beside it, by Jackson's reflection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RunCodecBenchmark {
  private final ObjectMapper json = mapper();
  private final ObjectMapper lenient =
      json.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private final RunCodec codec = new RunCodec(json);
  private final RunPlan plan =
      new RunPlan(
          Json.parse("{\"id\":\"job_1\",\"customer\":{\"name\":\"Ann\",\"phone\":\"+15550100\"}}"),
          Json.parse(
              "{\"event_type\":\"start\",\"from_state\":\"ready\",\"to_state\":\"started\"}"),
          null,
          new Actor("engine", "engine@example.com", null),
          List.of(
              new PlannedAction(
                  "WEBHOOK",
                  new PayloadTemplate(
                      UUID.randomUUID().toString(),
                      null,
                      "/hooks/started",
                      null,
                      Json.parse("{\"job\":\"{{job.id}}\",\"name\":\"{{job.customer.name}}\"}")),
                  false,
                  null)));
  private final List<ActionProgress> actions =
      List.of(ActionProgress.pending(0, plan.actions().get(0), UUID.randomUUID()));
  private final String storedPlan = codec.write(plan);
  private final String storedActions = codec.write(actions);

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    new WireFormat().customize(mapper);
    return mapper;
  }

  @Benchmark
  public int writeByCode() {
    return codec.write(plan).length() + codec.write(actions).length();
  }

  @Benchmark
  public int writeByReflection() throws JsonProcessingException {
    return json.writeValueAsString(plan).length() + json.writeValueAsString(actions).length();
  }

  @Benchmark
  public int readByCode() {
    return codec.plan(storedPlan).actions().size() + codec.actions(storedActions).size();
  }

  @Benchmark
  public int readByReflection() throws JsonProcessingException {
    return lenient.readValue(storedPlan, RunPlan.class).actions().size()
        + lenient.readValue(storedActions, ActionProgress[].class).length;
  }

  @Benchmark
  public int hash() {
    return codec.hash(plan, true, null).length;
  }
}
