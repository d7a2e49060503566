package io.fastyoke.integrations.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What to measure.
 *
 * @param brief for CI: fewer and shorter steps, and a verdict
 * @param seconds of each step
 * @param callers only the closed model, with these numbers of callers
 * @param rates only the open model, with these numbers of fires a second
 * @param growth also with many finished runs in the database
 * @param replicas also with these numbers of replicas
 * @param slow also with receivers that take a second
 * @param scheduled also with a million runs that wait for a retry
 * @param profile keep a flight recording of the service
 * @param packaged the service that is measured
 * @param against a package to compare it with, step by step; null for none
 * @param pooler whether the service that is measured is behind PgBouncer, and what it is compared
 *     with (itself, without {@code against}) is not
 * @param pairs of steps, of which medians are compared
 * @param waiting also with callers that wait for their run
 * @param sql also with engines that fire in their own transactions
 * @param cold also the first minute after a start
 * @param cores how much of the processors the service may use; 0 for all
 */
record Options(
    boolean brief,
    int seconds,
    List<Integer> callers,
    List<Integer> rates,
    boolean growth,
    List<Integer> replicas,
    boolean slow,
    boolean scheduled,
    boolean profile,
    Packaged packaged,
    Packaged against,
    boolean pooler,
    int pairs,
    boolean waiting,
    boolean sql,
    boolean cold,
    double cores) {
  private static final String OUR_JAR = "target/quarkus-app/quarkus-run.jar";

  /**
   * @throws IllegalArgumentException naming an option, or a file, that does not exist, or options
   *     that exclude each other
   */
  static Options parse(String[] arguments) {
    List<String> left = new ArrayList<>(Arrays.asList(arguments));
    boolean brief = left.remove("--short");
    String seconds = value(left, "--seconds", brief ? "4" : "15");
    List<Integer> callers = numbers(left, "--callers");
    List<Integer> rates = numbers(left, "--rates");
    Options options =
        new Options(
            brief,
            Integer.parseInt(seconds),
            callers,
            rates,
            left.remove("--growth"),
            numbers(left, "--replicas"),
            left.remove("--slow"),
            left.remove("--scheduled"),
            left.remove("--profile"),
            new Packaged(Path.of(value(left, "--package", OUR_JAR))),
            other(value(left, "--against", "")),
            left.remove("--pooler"),
            Integer.parseInt(value(left, "--pairs", "5")),
            left.remove("--waiting"),
            left.remove("--sql"),
            left.remove("--cold"),
            Double.parseDouble(value(left, "--cores", "0")));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("unknown option " + left.get(0));
    }
    if (options.cold && options.against != null) {
      throw new IllegalArgumentException("--cold measures one package: run it for each");
    }
    return options;
  }

  /** Whether two services are compared, and nothing else is done. */
  boolean compares() {
    return against != null || pooler;
  }

  /** The other one of two. */
  Packaged other() {
    return against == null ? packaged : against;
  }

  /** Whether only some steps are asked for, and the limits beside them are not. */
  boolean onlySome() {
    return !callers.isEmpty() || !rates.isEmpty();
  }

  private static Packaged other(String file) {
    return file.isEmpty() ? null : new Packaged(Path.of(file));
  }

  private static List<Integer> numbers(List<String> arguments, String name) {
    String numbers = value(arguments, name, "");
    return numbers.isEmpty()
        ? List.of()
        : Arrays.stream(numbers.split(",")).map(Integer::valueOf).toList();
  }

  private static String value(List<String> arguments, String name, String otherwise) {
    int at = arguments.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    arguments.remove(at);
    if (at == arguments.size()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return arguments.remove(at);
  }
}
