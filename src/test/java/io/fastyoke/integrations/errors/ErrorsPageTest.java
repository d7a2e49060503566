package io.fastyoke.integrations.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/errors.md} and the codes in the description of the API are written from {@link
 * ErrorCode} and {@link FailureCode}.
 */
class ErrorsPageTest {
  private static final Path PAGE = Path.of("docs", "errors.md");
  private static final Path DESCRIPTION = Path.of("src/main/resources/META-INF/openapi.yaml");
  private static final Path ADVICE = Path.of("src/main/resources/web/app/lib/words.ts");
  private static final String COMMAND = "./mvnw test -Dtest=ErrorsPageTest -Dwrite";

  /** The beginnings of the lines that list the codes. */
  private static final String ERROR =
      "error: {type: string, description: 'A stable code; a later version may add some. One of";

  private static final String CODE =
      "code: {type: string, description: 'A later version may add some. Of a `CONNECTION_TEST` its outcome, else one of";

  private static final String HEAD =
      """
      # Error codes

      Written from `ErrorCode` and `FailureCode` by `%s`; do not edit.

      ## Of answers

      Every 4xx and 5xx is `{"error": "<code>", "message": "…", "details": {…}}`. Programs compare `error`; `message` is for people and
      may change. A later version may add codes: treat one that you do not know by its status.

      | code | status | what has happened | what to do |
      |---|---|---|---|
      """;

  private static final String FAILURES =
      """

      ## Of actions

      `error.code` of an action in a run, a row of the event log, or a preview. "Retried" is what the service does by itself when the
      action says `retry` with `max_attempts` above 1; providers without idempotency keys (`twilio`, `sendgrid`) have
      `outcome_unknown` in the place of `timeout`, `connection_lost`, `protocol_error` and a 5xx. In a `CONNECTION_TEST` the code is the
      outcome of the test.

      | code | what has happened | charged | retried | what to do |
      |---|---|---|---|---|
      """;

  @Test
  void thePageIsWrittenFromTheCode() throws IOException {
    isWritten(PAGE, page());
  }

  @Test
  void theDescriptionOfTheApiNamesTheSameCodes() throws IOException {
    String text = Files.readString(DESCRIPTION);
    text = line(text, ERROR, Arrays.stream(ErrorCode.values()).map(ErrorCode::wire));
    text = line(text, CODE, Arrays.stream(FailureCode.values()).map(FailureCode::wire));
    isWritten(DESCRIPTION, text);
  }

  /** The page for people gives its own advice, in its own words, on every failure of an action. */
  @Test
  void theAdminPageKnowsEveryFailure() throws IOException {
    String advice = Files.readString(ADVICE);
    String codes =
        advice.substring(advice.indexOf("const CODES"), advice.indexOf("const STATUSES"));
    Set<String> known =
        Pattern.compile("(?m)^  (\\w+): \\{")
            .matcher(codes)
            .results()
            .map(m -> m.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    // The one depends on the status, the other is in previews only.
    EnumSet<FailureCode> elsewhere =
        EnumSet.of(FailureCode.HTTP_STATUS, FailureCode.PREVIEW_TOO_LARGE);
    assertThat(known)
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(elsewhere).stream().map(FailureCode::wire).toList());
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD.formatted(COMMAND));
    Arrays.stream(ErrorCode.values())
        .sorted(Comparator.comparing(ErrorsPageTest::status))
        .forEach(
            code ->
                row(page, "`" + code.wire() + "`", status(code), code.meaning(), code.remedy()));
    page.append(FAILURES);
    for (FailureCode code : FailureCode.values()) {
      String charged = code.charged() ? "once" : "no";
      row(page, "`" + code.wire() + "`", code.meaning(), charged, code.retried(), code.remedy());
    }
    return page.toString();
  }

  private static String status(ErrorCode code) {
    return code.status() == 0 ? "other 4xx" : String.valueOf(code.status());
  }

  private static void row(StringBuilder page, String... cells) {
    assertThat(cells).noneMatch(cell -> cell.contains("|"));
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Puts the codes into the one line that begins so. */
  private static String line(String yaml, String beginning, Stream<String> codes) {
    Pattern line = Pattern.compile("(?m)^( *" + Pattern.quote(beginning) + ":).*$");
    assertThat(line.matcher(yaml).results()).as("lines with “%s”", beginning).hasSize(1);
    String list = codes.map(code -> "`" + code + "`").collect(Collectors.joining(", "));
    return line.matcher(yaml).replaceFirst("$1 " + list + ".'}");
  }

  private static void isWritten(Path file, String expected) throws IOException {
    if (System.getProperty("write") != null) {
      Files.writeString(file, expected);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s is not what the code says. Write it anew: %s", file, COMMAND)
        .isEqualTo(expected);
  }
}
