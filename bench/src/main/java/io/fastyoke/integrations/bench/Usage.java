package io.fastyoke.integrations.bench;

import io.fastyoke.integrations.bench.Row.Column;
import java.sql.SQLException;
import java.util.List;

/** What the processes and the database had used up at one moment. */
record Usage(
    double service, double compilers, double postgres, double receiver, double load, long wal, long commits) {

  static Usage now(Postgres postgres, String database, List<Service> services, Child receiver)
      throws SQLException {
    return new Usage(
        services.stream().mapToDouble(service -> Cpu.of(service.pid())).sum(),
        services.stream().mapToDouble(service -> Cpu.ofCompilers(service.pid())).sum(),
        postgres.cpu(),
        Cpu.of(receiver.pid()),
        Cpu.of(ProcessHandle.current().pid()),
        postgres.walBytes(),
        postgres.commits(database));
  }

  /** Adds what one fire has cost since then. */
  Row charge(Row row, Usage since, double fires) {
    figure(row, Column.CPU_SERVICE, (service - since.service) * 1e6 / fires);
    figure(row, Column.CPU_COMPILERS, (compilers - since.compilers) * 1e6 / fires);
    figure(row, Column.CPU_POSTGRES, (postgres - since.postgres) * 1e6 / fires);
    figure(row, Column.CPU_RECEIVER, (receiver - since.receiver) * 1e6 / fires);
    figure(row, Column.CPU_LOAD, (load - since.load) * 1e6 / fires);
    figure(row, Column.WAL, (wal - since.wal) / fires);
    figure(row, Column.COMMITS, (commits - since.commits) / fires);
    return row;
  }

  private static void figure(Row row, Column column, double value) {
    if (value > 0) {
      row.with(column, value);
    }
  }
}
