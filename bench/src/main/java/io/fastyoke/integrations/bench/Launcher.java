package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How one packaged service is started.
 *
 * @param database its own, on the server
 * @param quota of processor time, or null for none
 * @param pooler in front of the server, or null for none
 */
record Launcher(
    Packaged packaged,
    Postgres postgres,
    String database,
    Path log,
    CpuQuota quota,
    Pooler pooler) {
  Launcher behind(Pooler front) {
    return new Launcher(packaged, postgres, database, log, quota, front);
  }

  /**
   * Starts the service; it may not be ready yet.
   *
   * @param recording where to put a flight recording when it stops, or null
   */
  Service start(Path recording) throws IOException {
    int port = Service.freePort();
    List<String> command = packaged.command(recording);
    ProcessBuilder builder =
        quota == null
            ? new ProcessBuilder(command)
            : new ProcessBuilder(quota.within(command.toArray(new String[0])));
    builder.environment().putAll(Service.environment(port, url()));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Service(builder.start(), port);
  }

  private String url() {
    return pooler == null ? postgres.url(database) : pooler.url(database);
  }
}
