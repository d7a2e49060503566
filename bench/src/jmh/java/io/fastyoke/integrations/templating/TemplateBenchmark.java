package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Rendering, and the JSON around it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TemplateBenchmark {
  private static final String BODY =
      "{\"job_id\":\"{{job.id}}\",\"state\":\"{{job.current_state}}\","
          + "\"text\":\"{{job.customer.name}} is waiting\",\"items\":\"{{job.items}}\"}";

  private final Variables variables =
      Variables.of(
          (ObjectNode)
              Json.parse(
                  "{\"job\":{\"id\":\"job_1\",\"current_state\":\"started\",\"customer\":"
                      + "{\"name\":\"Ada Löwe & Söhne\"},\"items\":[{\"sku\":\"a/1\",\"n\":1.10},{\"sku\":\"b\",\"n\":2}]}}"));
  private final JsonNode body = Json.parse(BODY);
  private final JsonNode rendered = Template.renderBody(body, variables);

  @Benchmark
  public JsonNode renderBody() {
    return Template.renderBody(body, variables);
  }

  /** With values that have to be percent-encoded. */
  @Benchmark
  public String renderPath() {
    return Template.renderPath(
        "/jobs/{{job.id}}/items/{{job.items.0.sku}}?name={{job.customer.name}}", variables);
  }

  @Benchmark
  public String renderHeader() {
    return Template.renderHeader("X-Job", "job {{job.id}}", variables);
  }

  @Benchmark
  public JsonNode parse() {
    return Json.parse(BODY);
  }

  @Benchmark
  public byte[] write() {
    return Json.writeBytes(rendered);
  }
}
