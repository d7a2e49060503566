package io.fastyoke.integrations.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Measures limits and service in one run, prints one table, and writes it as JSON. */
public final class Bench implements AutoCloseable {
  private static final Path FOLDER = Path.of("target/bench");
  private static final String TENANT = "bench";
  private static final String FAST = "fast";
  private static final String SLOW = "slow-1000";
  private static final int CONNECTIONS = 64;
  private static final int SAME_JOB_FIRES = 500;
  private static final int HALF = 50;
  private static final List<Integer> ALL_CALLERS = List.of(1, 16, 64, 256);
  private static final int USUAL_CALLERS = 64;

  /** Of a start from cold. */
  private static final int FIRST_SECONDS = 60;

  /** Of several replicas, for each of them. */
  private static final int WARM_UP_SECONDS = 45;

  /** Until the runs of the slow receivers are accepted, and after the measuring until they end. */
  private static final int SLOW_LEAD_SECONDS = 3;

  /** At the highest of the fixed rates. */
  private static final int OPEN_WARM_UP_SECONDS = 15;

  /** Of the short form: by number, because what the compiler waits for is counted in calls. */
  private static final int WARM_UP_FIRES = 25_000;

  private final Options options;
  private final Vertx vertx = Vertx.vertx();
  private final Postgres postgres;
  private final Child receiver;
  private final Report report;
  private final Path log;
  private final CpuQuota quota;
  private final List<Service> services = new ArrayList<>();
  private List<String> connections = List.of();

  private Bench(Options options) throws IOException, SQLException {
    this.options = options;
    this.log = FOLDER.resolve("service.log");
    Files.createDirectories(FOLDER);
    Files.deleteIfExists(log);
    this.postgres = Postgres.start(System.getenv("DATABASE_URL"));
    this.report = new Report(Machine.facts(postgres, options.packaged()));
    this.receiver = Child.start(Receiver.class);
    this.quota = options.cores() > 0 ? CpuQuota.of(options.cores()) : null;
  }

  /** Exit code 1: service / L2 is far off its target (with {@code --short} only). */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    boolean good;
    try (Bench bench = new Bench(options)) {
      good = bench.run();
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run() throws Exception {
    if (options.compares()) {
      against();
      return true;
    }
    firstStart();
    if (!options.onlySome()) {
      limits();
    }
    startAgain();
    service();
    extras();
    print();
    if (options.brief() && !report.isPlausible()) {
      System.err.println("service / L2 is below a third of its target.");
      return false;
    }
    return true;
  }

  private void print() throws IOException {
    String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    System.out.println(report.write(FOLDER.resolve(time + ".json")));
  }

  private Launcher launcher(Packaged packaged, String database) {
    return new Launcher(packaged, postgres, database, log, quota, null);
  }

  private Service start(Path recording) throws IOException {
    return launcher(options.packaged(), Postgres.SERVICE).start(recording);
  }

  private void against() throws Exception {
    List<Integer> callers = options.callers().isEmpty() ? ALL_CALLERS : options.callers();
    Launcher ours = launcher(options.packaged(), Postgres.SERVICE);
    try (Pooler pooler = options.pooler() ? Pooler.start(postgres, FOLDER) : null;
        Against sides =
            Against.start(
                vertx,
                receiver,
                pooler == null ? ours : ours.behind(pooler),
                launcher(options.other(), Postgres.OTHER),
                service -> connect(service, TENANT, FAST, CONNECTIONS),
                new Fires(TENANT, FAST, List.of(), null))) {
      sides.warmUp(HALF);
      for (int count : callers) {
        compare(sides, count + " callers", false, count);
      }
      for (int count : options.waiting() ? callers : List.<Integer>of()) {
        compare(sides, count + " waiting callers", true, count);
      }
      print();
      System.out.println(sides.table());
    }
  }

  private void compare(Against sides, String step, boolean waiting, int callers) throws Exception {
    sides.compare(step, waiting, callers, options.seconds(), options.pairs()).forEach(report::also);
  }

  /** Migrates the database, makes the connections, and leaves one finished run as a sample. */
  private void firstStart() throws Exception {
    try (Service service = start(null)) {
      service.awaitReady();
      connections = connect(service, TENANT, FAST, CONNECTIONS);
      Steps steps = new Steps(vertx, postgres, Postgres.SERVICE, receiver, List.of(service));
      steps.counted("sample", fires(null), 1, 1);
      steps.close();
    }
  }

  private List<String> connect(Service service, String tenant, String lane, int count)
      throws IOException, InterruptedException {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String url = "http://127.0.0.1:%d/%s/%d".formatted(receiver.port(), lane, i);
      made.add(service.connect(tenant, lane + " " + i, url));
    }
    return made;
  }

  private Fires fires(String job) {
    return new Fires(TENANT, FAST, connections, job);
  }

  private void limits() throws Exception {
    Limits limits = new Limits(vertx, postgres, receiver, options.brief() ? 3 : options.seconds());
    Pgbench pgbench = Pgbench.prepare(postgres, FOLDER);
    int[] clients = options.brief() ? new int[] {32} : new int[] {16, 32, 64};
    limits.receiverAlone(); // once for the just-in-time compiler
    report.limit(limits.receiverAlone());
    report.limit(limits.pgbench("L2 pgbench", pgbench, Pgbench.SINGLE, clients));
    report.limit(limits.pgbench("L3 pgbench, 50 in one", pgbench, Pgbench.GROUP, clients));
    postgres.dropLimits();
    report.limit(limits.forwarder());
  }

  private void startAgain() throws Exception {
    Path recording = options.profile() ? FOLDER.resolve("service.jfr").toAbsolutePath() : null;
    Service service = start(recording);
    services.add(service);
    report.firstAnswerAfter(service.millisToFirst202(fires(null)));
    if (options.cold()) {
      try (Steps steps = steps(1)) {
        String name = "first %d s from a cold start, 64 callers".formatted(FIRST_SECONDS);
        report.also(steps.closed(name, fires(null), USUAL_CALLERS, FIRST_SECONDS));
      }
    }
  }

  private void service() throws Exception {
    try (Steps steps = steps(1)) {
      int seconds = options.seconds();
      if (options.brief()) {
        steps.counted("warm-up", fires(null), HALF, WARM_UP_FIRES);
      } else {
        WarmUp.run("warm-up", steps, services.get(0), fires(null), HALF);
      }
      for (int callers : callers()) {
        report.measured(steps.closed(callers + " callers", fires(null), callers, seconds));
      }
      for (int callers : options.waiting() ? callers() : List.<Integer>of()) {
        String name = callers + " waiting callers";
        report.also(steps.closed(name, fires(null).waiting(), callers, seconds));
      }
      for (int engines : options.sql() ? callers() : List.<Integer>of()) {
        String name = engines + " engines, fastyoke_fire";
        report.also(steps.transactions(name, fires(null), engines, seconds));
      }
      openModel(steps, options.rates().stream().map(Rate::of).toList());
      if (options.onlySome()) {
        return;
      }
      openModel(
          steps,
          (options.brief() ? List.of(HALF) : List.of(75, HALF, 25))
              .stream().map(this::share).toList());
      if (!options.brief()) {
        report.also(steps.counted("one job, 16 callers", fires("the-job"), 16, SAME_JOB_FIRES));
      }
    }
  }

  private record Rate(double perSecond, String name) {
    private static Rate of(int perSecond) {
      return new Rate(perSecond, perSecond + "/s");
    }
  }

  private Rate share(int percent) {
    double rate = report.best() * percent / 100;
    return new Rate(rate, "%d %% = %.0f/s".formatted(percent, rate));
  }

  /** What comes from all the callers of the open model is new to both just-in-time compilers. */
  private void openModel(Steps steps, List<Rate> rates) throws Exception {
    double highest = rates.stream().mapToDouble(Rate::perSecond).max().orElse(0);
    if (highest > 0 && !options.brief()) {
      postgres.settle();
      steps.open("warm-up", fires(null), highest, OPEN_WARM_UP_SECONDS);
    }
    for (Rate rate : rates) {
      report.also(
          steps.open("open, " + rate.name(), fires(null), rate.perSecond(), options.seconds()));
    }
  }

  private List<Integer> callers() {
    if (options.onlySome()) {
      return options.callers();
    }
    return options.brief() ? List.of(1, 64) : ALL_CALLERS;
  }

  private Steps steps(int replicas) throws SQLException {
    return new Steps(vertx, postgres, Postgres.SERVICE, receiver, services.subList(0, replicas));
  }

  private void extras() throws Exception {
    for (int count : options.replicas()) {
      replicas(count);
    }
    if (options.slow()) {
      slow();
    }
    if (options.growth()) {
      growth();
    }
    if (options.scheduled()) {
      scheduled();
    }
  }

  private void replicas(int count) throws Exception {
    while (services.size() < count) {
      Service another = start(null);
      services.add(another);
      another.awaitReady();
    }
    postgres.age();
    try (Steps steps = steps(count)) {
      // Each has its own just-in-time compiler, and its share of the fires and of the processors.
      steps.closed("warm-up", fires(null), HALF, count * WARM_UP_SECONDS);
      for (int callers : List.of(64, 256)) {
        String name = "%d replicas, %d callers".formatted(count, callers);
        report.also(steps.closed(name, fires(null), callers, options.seconds()));
      }
    }
    while (services.size() > 1) {
      services.remove(1).close();
    }
  }

  /**
   * A tenant whose receivers take a second keeps 256 in flight; another tenant goes on. Measured is
   * what comes when all of the slow ones' runs are accepted and all slots are taken.
   */
  private void slow() throws Exception {
    Fires slow = new Fires("slow", SLOW, connect(services.get(0), "slow", SLOW, CONNECTIONS), null);
    Fires other =
        new Fires("other", "other", connect(services.get(0), "other", "other", CONNECTIONS), null);
    int seconds = options.seconds();
    long runs = 256L * (seconds + 2 * SLOW_LEAD_SECONDS);
    postgres.age();
    try (Steps steps = steps(1);
        Steps beside = steps(1)) {
      report.also(steps.open("another tenant alone, 50/s", other, 50, seconds));
      CompletableFuture<Row> slowly =
          CompletableFuture.supplyAsync(
              () ->
                  unchecked(
                      () -> beside.counted("slow receivers, from first to last", slow, 256, runs)));
      TimeUnit.SECONDS.sleep(SLOW_LEAD_SECONDS);
      long begun = Clock.now();
      report.also(steps.open("another tenant beside slow ones, 50/s", other, 50, seconds));
      double rate = steps.charged(slow.tenant(), begun, begun + seconds * 1_000_000_000L) / seconds;
      report.also(slowly.get());
      report.also(Row.of("receivers take 1 s, 256 in flight", rate));
    }
  }

  private void growth() throws Exception {
    try (Steps steps = steps(1)) {
      long there = 0;
      for (long runs : new long[] {0, 100_000, 1_000_000, 5_000_000}) {
        Filler.finished(postgres, runs - there);
        there = runs;
        String name = "%,d finished, 64 callers".formatted(runs);
        report.also(steps.closed(name, fires(null), 64, options.seconds()));
      }
    }
  }

  private void scheduled() throws Exception {
    try (Steps steps = steps(1)) {
      for (long runs : new long[] {0, 1_000_000}) {
        Filler.scheduled(postgres, runs);
        String name = "%,d scheduled, 64 callers".formatted(runs);
        report.also(steps.closed(name, fires(null), 64, options.seconds()));
      }
    }
  }

  private interface Work<T> {
    T get() throws Exception;
  }

  private static <T> T unchecked(Work<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    services.forEach(Service::close);
    if (quota != null) {
      quota.close();
    }
    receiver.close();
    postgres.close();
    vertx.close();
  }
}
