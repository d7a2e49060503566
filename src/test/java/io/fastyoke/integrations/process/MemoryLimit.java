package io.fastyoke.integrations.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A control group of Linux, version 1 or 2, that kills what takes more memory; for root. */
final class MemoryLimit implements AutoCloseable {
  static final String UNAVAILABLE = "control groups for memory are not there, or not ours to make";

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final boolean UNIFIED = Files.exists(ROOT.resolve("cgroup.controllers"));
  private static final Path PARENT = UNIFIED ? ROOT : ROOT.resolve("memory");

  private final Path group;

  private MemoryLimit(Path group) {
    this.group = group;
  }

  static boolean isAvailable() {
    return Files.isWritable(PARENT.resolve("cgroup.procs"));
  }

  static MemoryLimit of(long bytes) throws IOException {
    Path group = PARENT.resolve("fastyoke-memory-" + ProcessHandle.current().pid());
    if (UNIFIED) {
      Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory");
    }
    Files.createDirectories(group);
    String file = UNIFIED ? "memory.max" : "memory.limit_in_bytes";
    Files.writeString(group.resolve(file), Long.toString(bytes));
    return new MemoryLimit(group);
  }

  /** To stand before a command, which then joins the group first. */
  List<String> joining() {
    return List.of(
        "/bin/sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
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
