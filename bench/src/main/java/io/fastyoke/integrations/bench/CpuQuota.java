package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the processor time of processes, as a small machine would: a control group of Linux
 * (cgroups(7), version 1 or 2), for which the benchmark has to run as root.
 */
final class CpuQuota implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 100_000;

  private final Path group;

  private CpuQuota(Path group) {
    this.group = group;
  }

  /**
   * @param cores such as 0.5
   * @throws IOException when control groups are not to be had
   */
  static CpuQuota of(double cores) throws IOException {
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path group = (unified ? ROOT : ROOT.resolve("cpu")).resolve("fastyoke-bench");
    long quota = (long) (cores * PERIOD_MICROS);
    try {
      if (unified) {
        Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu");
      }
      Files.createDirectories(group);
      if (unified) {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
      } else {
        Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(quota));
      }
    } catch (IOException e) {
      throw new IOException("--cores needs a control group, which only root can make: " + e, e);
    }
    return new CpuQuota(group);
  }

  /** A command that joins the group before it becomes the service. */
  String[] within(String... command) {
    String[] all = new String[command.length + 4];
    all[0] = "/bin/sh";
    all[1] = "-c";
    all[2] = "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"";
    all[3] = "sh";
    System.arraycopy(command, 0, all, 4, command.length);
    return all;
  }

  /** Its processes have to have ended. */
  @Override
  public void close() throws IOException {
    long begun = System.nanoTime();
    while (true) {
      try {
        Files.deleteIfExists(group);
        return;
      } catch (IOException stillInUse) {
        if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(5)) {
          throw stillInUse;
        }
        Thread.onSpinWait();
      }
    }
  }
}
