package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A listener that writes down what it is told. */
final class RecordedEvents implements WorkListener {
  final List<String> events = new ArrayList<>();

  @Override
  public void permitReleased() {
    events.add("permit released");
  }

  @Override
  public void runQueued(TenantId tenant) {
    events.add("queued " + tenant.value());
  }

  @Override
  public void runDueIn(Duration delay) {
    events.add("due in " + delay);
  }

  @Override
  public void limiterChanged() {
    events.add("limiter changed");
  }

  @Override
  public void workAvailable() {
    events.add("work available");
  }
}
