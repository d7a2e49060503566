package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Processor time and memory of processes, from {@code /proc} (Linux, proc(5)). */
final class Cpu {
  /** {@code USER_HZ}, which is 100 on every Linux that Java runs on. */
  private static final double SECONDS_PER_TICK = 0.01;

  private static final int UTIME = 11;
  private static final int CUTIME = 13;

  private Cpu() {}

  /** Seconds that a process has used. */
  static double of(long pid) {
    return ticks(pid, UTIME) * SECONDS_PER_TICK;
  }

  /** Seconds that a process and all its children have used, those that have ended included. */
  static double ofTree(long pid) {
    long children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .mapToLong(child -> ticks(child.pid(), UTIME))
            .sum();
    return (ticks(pid, UTIME) + ticks(pid, CUTIME) + children) * SECONDS_PER_TICK;
  }

  /** Seconds that the just-in-time compilers of a process have used; 0 when it has none. */
  static double ofCompilers(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.map(thread -> thread.resolve("stat")).mapToLong(Cpu::compilerTicks).sum()
          * SECONDS_PER_TICK;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long compilerTicks(Path stat) {
    String line = read(stat);
    // The kernel cuts names after 15 characters: "C2 CompilerThre".
    return line.matches("(?s)\\d+ \\(C[12] Compiler.*") ? ticks(line, UTIME) : 0;
  }

  /** Resident memory of a process in MiB. */
  static long residentMib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** User and system time together, which stand side by side; 0 for a process that has gone. */
  private static long ticks(long pid, int first) {
    return ticks(read(Path.of("/proc/" + pid + "/stat")), first);
  }

  private static long ticks(String stat, int first) {
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Arrays.stream(fields, first, first + 2).mapToLong(Long::parseLong).sum();
  }

  /** Empty for a process or a thread that has gone. */
  private static String read(Path stat) {
    try {
      return Files.readString(stat);
    } catch (IOException e) {
      return "";
    }
  }
}
