package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.providers.Provider;
import io.fastyoke.integrations.redaction.Redactor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Judges what a receiver answered, and keeps of it what may be kept. */
@ApplicationScoped
public class ResponseClassifier {
  private static final Logger LOG = Logger.getLogger(ResponseClassifier.class);
  private static final int KEPT_HEADER_CHARS = 512;
  private static final String NOT_KEPT = "[not kept: it could not be read]";

  /** Headers that help to find out what happened, and carry no credentials. */
  private static final Set<String> KEPT_HEADERS =
      Set.of(
          "content-type",
          "content-length",
          "date",
          "location",
          "retry-after",
          "server",
          "x-request-id",
          "x-message-id",
          "x-ratelimit-limit",
          "x-ratelimit-remaining",
          "x-ratelimit-reset",
          "twilio-request-id",
          ReceiverWish.HEADER);

  private final InstantSource clock;

  ResponseClassifier(InstantSource clock) {
    this.clock = clock;
  }

  ActionOutcome judge(
      Answered answered, Provider provider, Redactor redactor, RequestLine line, int ms) {
    boolean success = answered.status() >= 200 && answered.status() <= 299;
    Answer answer = success ? ofSuccess(answered, redactor) : kept(answered, redactor);
    return success
        ? new ActionOutcome.Delivered(line, answer, ms)
        : new ActionOutcome.Refused(
            line, answer, ms, provider.retryAfter(answered, clock.instant()).orElse(null));
  }

  /** Without the body, which is kept on failure only; but said is whether it was a large one. */
  private static Answer ofSuccess(Answered answered, Redactor redactor) {
    boolean payloads = answered.truncated() || answered.body().length > KeptBody.MOST_BYTES;
    return safely(
        answered, () -> new Answer(answered.status(), headers(answered, redactor), null, payloads));
  }

  /** What is kept of a failure. Redacted before it is cut, so that no secret survives in part. */
  static Answer kept(Answered answered, Redactor redactor) {
    return safely(
        answered,
        () -> {
          KeptBody body = KeptBody.of(answered, redactor);
          return new Answer(
              answered.status(), headers(answered, redactor), body.text(), body.cut());
        });
  }

  /**
   * A receiver has answered, so the attempt is over whatever is wrong with the rest of the answer:
   * an exception here would have it sent again.
   */
  private static Answer safely(Answered answered, Supplier<Answer> keeping) {
    try {
      return keeping.get();
    } catch (RuntimeException fault) {
      LOG.errorf("an answer cannot be kept (%s)", fault.getClass().getName());
      return new Answer(answered.status(), Map.of(), NOT_KEPT, true);
    }
  }

  private static Map<String, String> headers(Answered answered, Redactor redactor) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : answered.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (KEPT_HEADERS.contains(name)) {
        String value = redactor.redact(header.getValue());
        String cut = value.substring(0, Math.min(value.length(), KEPT_HEADER_CHARS));
        if (name.equals(ReceiverWish.HEADER)) {
          kept.merge(name, cut, (first, more) -> first + ", " + more); // a list
        } else {
          kept.putIfAbsent(name, cut);
        }
      }
    }
    return kept;
  }
}
