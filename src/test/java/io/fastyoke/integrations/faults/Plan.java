package io.fastyoke.integrations.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do.
 *
 * @param key its idempotency key
 * @param job null for none
 */
record Plan(Tenant tenant, String key, @Nullable String job, List<Step> steps) {
  /** Where an action goes. */
  enum Target {
    REST,
    /** With at most four attempts at once, over all replicas. */
    LIMITED_REST,
    TWILIO,
    SENDGRID;

    /** Whether the receiver can tell a repetition by its delivery id. */
    boolean deduplicates() {
      return this == REST || this == LIMITED_REST;
    }
  }

  /** How the receiver answers. */
  enum Script {
    OK,
    /** First that it cannot now, in a way that says that nothing was done; then well. */
    BUSY_FIRST,
    /** First nothing for longer than an attempt may last; then well. */
    HANG_FIRST,
    /** First with an end of the connection; then well. */
    CLOSE_FIRST,
    /** Never: 400. */
    REFUSE
  }

  /** One action. */
  record Step(Target target, Script script, boolean continueOnFailure) {}

  private static final int LONGEST = 3;
  private static final int PERCENT = 100;
  private static final int OK_OF_100 = 70;
  private static final int MOST_ATTEMPTS = 6;

  static Plan random(Random random, Tenant tenant, String key, @Nullable String job) {
    List<Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(LONGEST);
    for (int i = 0; i < count; i++) {
      Target target = Target.values()[random.nextInt(Target.values().length)];
      steps.add(new Step(target, script(random), random.nextBoolean()));
    }
    return new Plan(tenant, key, job, List.copyOf(steps));
  }

  private static Script script(Random random) {
    return random.nextInt(PERCENT) < OK_OF_100
        ? Script.OK
        : Script.values()[random.nextInt(Script.values().length)];
  }

  /** Whether every action must succeed in the end, whatever happens to processes and networks. */
  boolean mustSucceed() {
    return steps.stream()
        .allMatch(step -> step.target().deduplicates() && step.script() != Script.REFUSE);
  }

  /** The request's body. */
  Map<String, Object> body() {
    List<Map<String, Object>> actions = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      actions.add(action(i));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("job", job == null ? Map.of("name", "no job") : Map.of("id", job));
    body.put("transition", Map.of("event_type", "start"));
    body.put("context", Map.of("key", key));
    body.put("actions", actions);
    return body;
  }

  private Map<String, Object> action(int index) {
    Step step = steps.get(index);
    String label =
        "{{context.key}} {{run.id}} {{delivery.id}} %d %s".formatted(index, step.script());
    Map<String, Object> content =
        step.target() == Target.TWILIO
            ? Map.of("To", "+15550100", "From", "+15550199", "Body", label)
            : Map.of("label", label);
    String path =
        switch (step.target()) {
          case TWILIO -> "/Messages.json";
          case SENDGRID -> "/mail/send";
          case REST, LIMITED_REST -> "/hook";
        };
    return Map.of(
        "action_type",
        "WEBHOOK",
        "payload_template",
        Map.of(
            "connection_id",
            tenant.connections().get(step.target()),
            "path",
            path,
            "body",
            content),
        "continue_on_failure",
        step.continueOnFailure(),
        "retry",
        Map.of("max_attempts", MOST_ATTEMPTS, "backoff_ms", 50, "max_backoff_ms", 400));
  }
}
