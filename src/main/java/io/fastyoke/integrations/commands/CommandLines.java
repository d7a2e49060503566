package io.fastyoke.integrations.commands;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line (contract, section 11), read by picocli from a model that is built by code, so
 * that the native executable needs no reflection for it.
 */
public final class CommandLines {
  private static final String NAME = "integrations";
  private static final int WIDTH = 110;

  private CommandLines() {}

  /**
   * The command of these arguments. A start without arguments does not load the library.
   *
   * @param out where {@code --help} and {@code --version} print
   * @return empty when there is nothing left to do
   * @throws IllegalArgumentException for what is no command; the message, one line, lists those
   *     that there are
   */
  public static Optional<Command> read(PrintWriter out, String... arguments) {
    if (arguments.length == 0) {
      return Optional.of(Command.SERVE);
    }
    try {
      ParseResult parsed = line(out).parseArgs(arguments);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return Optional.empty();
      }
      String words = words(parsed);
      if (words.equals("keys")) {
        throw new IllegalArgumentException(refusal(words));
      }
      return Optional.of(Command.of(words));
    } catch (ParameterException unknown) {
      throw new IllegalArgumentException(refusal(String.join(" ", arguments)), unknown);
    }
  }

  private static String words(ParseResult parsed) {
    return Stream.iterate(parsed, ParseResult::hasSubcommand, each -> each.subcommand())
        .map(each -> each.subcommand().commandSpec().name())
        .collect(Collectors.joining(" "));
  }

  private static String refusal(String arguments) {
    String printable = arguments.replaceAll("\\p{Cntrl}", "?");
    return "\"%s\" is no command. Without an argument the service starts; the commands are: %s."
        .formatted(
            printable,
            Stream.of(Command.values())
                .map(Command::words)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(", ")));
  }

  private static CommandLine line(PrintWriter out) {
    CommandSpec keys = spec("keys", "Makes encryption keys.");
    keys.addSubcommand("generate", spec("generate", Command.GENERATE_KEY.description()));
    CommandSpec root = spec(NAME, "Stores integration credentials and fires outbound webhooks.");
    root.usageMessage()
        .footer(
            "",
            "Without a command it serves until it is stopped. Settings come from the environment: README.md.");
    for (Command each : new Command[] {Command.MIGRATE, Command.CHECK}) {
      root.addSubcommand(each.words(), spec(each.words(), each.description()));
    }
    root.addSubcommand("keys", keys);
    root.addSubcommand("token", spec("token", Command.TOKEN.description()));
    return new CommandLine(root).setOut(out).setErr(out);
  }

  private static CommandSpec spec(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    // Not mixinStandardHelpOptions, which finds its options by reflection.
    spec.addOption(help("-h", "--help", "Shows this help.").usageHelp(true).build());
    spec.addOption(help("-V", "--version", "Prints the version.").versionHelp(true).build());
    spec.usageMessage().description(description).width(WIDTH);
    spec.versionProvider(() -> new String[] {NAME + " " + Version.ofThisBuild()});
    return spec;
  }

  private static OptionSpec.Builder help(String shortName, String name, String description) {
    return OptionSpec.builder(shortName, name).arity("0").description(description);
  }
}
