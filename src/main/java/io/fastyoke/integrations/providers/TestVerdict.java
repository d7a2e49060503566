package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.oauth.TokenResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a test of a connection found.
 *
 * @param outcome the result
 * @param responseStatus the status of the answer, if there was one
 * @param message for people; holds nothing of the answer's body
 */
public record TestVerdict(TestOutcome outcome, @Nullable Integer responseStatus, String message) {

  /** Result of a connection test. */
  public enum TestOutcome {
    /** The credential works. */
    @JsonProperty("ok")
    OK,
    /** The credential is refused. */
    @JsonProperty("unauthorized")
    UNAUTHORIZED,
    /** The credential is known but may not do this. */
    @JsonProperty("not_permitted")
    NOT_PERMITTED,
    /** No answer, or one that says nothing about the credential. */
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** The address is not allowed. */
    @JsonProperty("blocked")
    BLOCKED
  }

  static TestVerdict of(TestOutcome outcome, Exchange.Answered answer, String message) {
    String note = answer.note();
    return new TestVerdict(outcome, answer.status(), note == null ? message : message + " " + note);
  }

  static TestVerdict unclear(Exchange.Answered answer, String who) {
    return of(
        TestOutcome.UNREACHABLE,
        answer,
        who
            + " answered with status "
            + answer.status()
            + ", which says nothing of the credential.");
  }

  /** The verdict when the token endpoint gave no token. */
  static TestVerdict withoutToken(TokenResult.Failed failed) {
    Integer status = failed.status();
    TestOutcome outcome =
        switch (failed.kind()) {
          case BLOCKED -> TestOutcome.BLOCKED;
          // RFC 6749, section 5.2; other statuses say nothing of the client.
          case REFUSED ->
              status != null && Set.of(400, 401, 403).contains(status)
                  ? TestOutcome.UNAUTHORIZED
                  : TestOutcome.UNREACHABLE;
          default -> TestOutcome.UNREACHABLE;
        };
    return new TestVerdict(outcome, status, "There is no token. " + failed.message());
  }

  /** The same, when a token had been granted before. */
  TestVerdict afterToken() {
    return new TestVerdict(outcome, responseStatus, "A token was granted. " + message);
  }

  /** The verdict on an exchange without an answer. */
  static TestVerdict unanswered(Exchange exchange, String who) {
    if (exchange instanceof Exchange.NotSent notSent
        && notSent.cause() == Exchange.NotSent.Cause.BLOCKED) {
      return new TestVerdict(
          TestOutcome.BLOCKED, null, "The host could not be found, or it is not allowed.");
    }
    if (exchange instanceof Exchange.NotSent notSent) {
      String step = notSent.step().map(words -> ": " + words).orElse(".");
      return new TestVerdict(TestOutcome.UNREACHABLE, null, who + " could not be reached" + step);
    }
    String message =
        switch (((Exchange.Broken) exchange).fault()) {
          case TIMEOUT -> who + " did not answer in time.";
          case CONNECTION_LOST -> who + " closed the connection without an answer.";
          case PROTOCOL_ERROR -> who + " gave an answer that is not HTTP.";
        };
    return new TestVerdict(TestOutcome.UNREACHABLE, null, message);
  }
}
