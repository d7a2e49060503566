package io.fastyoke.integrations.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What to measure.
 *
 * @param brief for CI: fewer and shorter steps, and a verdict
 * @param seconds of each step
 * @param growth also with many finished runs in the database
 * @param replicas also with these numbers of replicas
 * @param slow also with receivers that take a second
 * @param scheduled also with a million runs that wait for a retry
 * @param profile keep a flight recording of the service
 */
record Options(
    boolean brief,
    int seconds,
    boolean growth,
    List<Integer> replicas,
    boolean slow,
    boolean scheduled,
    boolean profile) {

  /**
   * @throws IllegalArgumentException naming an option that does not exist
   */
  static Options parse(String[] arguments) {
    List<String> left = new ArrayList<>(Arrays.asList(arguments));
    boolean brief = left.remove("--short");
    String seconds = value(left, "--seconds", brief ? "4" : "15");
    String replicas = value(left, "--replicas", "");
    Options options =
        new Options(
            brief,
            Integer.parseInt(seconds),
            left.remove("--growth"),
            replicas.isEmpty()
                ? List.of()
                : Arrays.stream(replicas.split(",")).map(Integer::valueOf).toList(),
            left.remove("--slow"),
            left.remove("--scheduled"),
            left.remove("--profile"));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("unknown option " + left.get(0));
    }
    return options;
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
