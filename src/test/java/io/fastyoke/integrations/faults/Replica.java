package io.fastyoke.integrations.faults;

import io.fastyoke.integrations.eventloops.BlockedReport;
import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import io.fastyoke.integrations.faults.PostgresReader.Moment;
import io.fastyoke.integrations.process.ServiceProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One replica of the service, which sees the database through a proxy of its own. */
final class Replica implements AutoCloseable {
  private record Trap(Moment moment, Supplier<Verdict> action, CountDownLatch sprung) {}

  private final FaultProxy database;
  private final Map<String, String> env;
  private final List<ServiceProcess> processes = new ArrayList<>();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private volatile ServiceProcess process;
  private volatile URI uri;

  Replica(int databasePort, Map<String, String> env) {
    this.database = new FaultProxy(databasePort, () -> new PostgresReader(this::passes));
    this.env = new HashMap<>(env);
    this.env.put(
        "DATABASE_URL",
        "postgres://postgres@127.0.0.1:" + database.port() + "/postgres?sslmode=disable");
  }

  /** Starts a process, and waits until it is ready. */
  Replica start() {
    process = ServiceProcess.start(env);
    processes.add(process);
    uri = process.baseUri();
    return this;
  }

  ServiceProcess process() {
    return process;
  }

  URI uri() {
    return uri;
  }

  FaultProxy database() {
    return database;
  }

  /** {@code kill -9}, as what happens at a moment. */
  Verdict kill() {
    process.kill();
    return Verdict.CUT;
  }

  /** Does something when the engine next comes to a moment; the latch says when it was done. */
  CountDownLatch whenAt(Moment moment, Supplier<Verdict> action) {
    Trap set = new Trap(moment, action, new CountDownLatch(1));
    trap.set(set);
    return set.sprung();
  }

  /**
   * Does something when the engine next comes to a moment.
   *
   * @return whether it came to it in time
   */
  boolean at(Moment moment, Duration patience, Supplier<Verdict> action) {
    Trap set = new Trap(moment, action, new CountDownLatch(1));
    trap.set(set);
    try {
      if (set.sprung().await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (!trap.compareAndSet(set, null)) {
        set.sprung().await();
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private Verdict passes(Moment moment) {
    Trap set = trap.get();
    if (set == null || set.moment() != moment || !trap.compareAndSet(set, null)) {
      return Verdict.PASS;
    }
    try {
      return set.action().get();
    } finally {
      set.sprung().countDown();
    }
  }

  /** Of what its process was stopped for, nothing is held against it. */
  void forgiveBlocked() {
    process.forgiveBlocked();
  }

  /** What the blocked-thread checkers of all its processes had to say. */
  List<String> complaints() {
    return processes.stream()
        .flatMap(each -> each.blocked().stream())
        .map(BlockedReport::text)
        .toList();
  }

  @Override
  public void close() {
    try {
      processes.forEach(ServiceProcess::close);
    } finally {
      database.close();
    }
  }
}
