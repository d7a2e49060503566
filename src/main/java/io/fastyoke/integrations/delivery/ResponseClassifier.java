package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.providers.AnswerVerdict;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.templating.Json;
import io.fastyoke.integrations.templating.MalformedJsonException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Turns an answer into an outcome, and keeps of it what may be kept. */
@ApplicationScoped
class ResponseClassifier {
  private static final Logger LOG = Logger.getLogger(ResponseClassifier.class);
  private static final int MAX_HEADER_CHARS = 512;
  private static final int MAX_REASON_CHARS = 512;
  static final String WISH_HEADER = "webhook-delivery";
  private static final String NOT_KEPT = "[not kept: it could not be read]";

  private final InstantSource clock;

  ResponseClassifier(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param whole whether a later action names the answer
   */
  ActionOutcome classify(
      Answered answered,
      ProviderClient provider,
      Redactor redactor,
      RequestLine line,
      int ms,
      boolean whole) {
    AnswerVerdict verdict = verdict(answered, provider);
    String json = whole ? json(answered, redactor) : null;
    if (verdict instanceof Rejected rejected) {
      Answer kept = kept(answered, provider.keptHeaders(), redactor).with(json);
      return new ActionOutcome.Refused(
          line, kept, ms, withoutSecrets(rejected, redactor), answered.note());
    }
    Answer kept = ofSuccess(answered, provider, redactor).with(json);
    return new ActionOutcome.Delivered(line, kept, ms, verdict.pausesConnection());
  }

  /** An adapter that fails on an answer leaves the verdict to the status. */
  private AnswerVerdict verdict(Answered answered, ProviderClient provider) {
    try {
      return provider.judge(answered, clock.instant());
    } catch (RuntimeException fault) {
      LOG.errorf("an answer cannot be judged (%s)", fault.getClass().getName());
      return AnswerVerdict.byStatus(answered, null);
    }
  }

  private static Rejected withoutSecrets(Rejected verdict, Redactor redactor) {
    String reason = verdict.reason();
    if (reason == null) {
      return verdict;
    }
    String clean = redactor.redact(reason);
    return verdict.withReason(clean.substring(0, Math.min(clean.length(), MAX_REASON_CHARS)));
  }

  /** Without the body, which is kept on failure only; says whether it was a large one. */
  private static Answer ofSuccess(Answered answered, ProviderClient provider, Redactor redactor) {
    boolean large = answered.truncated() || answered.body().length > KeptBody.MAX_BYTES;
    return safely(
        answered,
        () ->
            new Answer(
                answered.status(),
                headers(answered, provider.keptHeaders(), redactor),
                null,
                large,
                messageId(answered, provider, redactor),
                null));
  }

  /** An adapter that fails on an answer has no name for it. */
  private static @Nullable String messageId(
      Answered answered, ProviderClient provider, Redactor redactor) {
    try {
      return provider.messageId(answered).map(redactor::redact).orElse(null);
    } catch (RuntimeException fault) {
      LOG.errorf("an answer cannot be read (%s)", fault.getClass().getName());
      return null;
    }
  }

  /** The body without secrets, if it is all there and can be read in one way only. */
  private static @Nullable String json(Answered answered, Redactor redactor) {
    try {
      KeptBody body = KeptBody.of(answered, redactor);
      if (body.cut()) {
        return null;
      }
      Json.parse(body.text());
      return body.text();
    } catch (MalformedJsonException noJson) {
      return null;
    } catch (RuntimeException fault) {
      LOG.errorf("an answer cannot be kept (%s)", fault.getClass().getName());
      return null;
    }
  }

  /** What is kept of a failure. Redacted before it is cut, so that no secret survives in part. */
  static Answer kept(Answered answered, Set<String> more, Redactor redactor) {
    return safely(
        answered,
        () -> {
          KeptBody body = KeptBody.of(answered, redactor);
          return new Answer(
              answered.status(), headers(answered, more, redactor), body.text(), body.cut());
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

  private static Map<String, String> headers(
      Answered answered, Set<String> more, Redactor redactor) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : answered.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (KeptHeaders.include(name) || more.contains(name)) {
        String value = redactor.redact(header.getValue());
        String cut = value.substring(0, Math.min(value.length(), MAX_HEADER_CHARS));
        if (name.equals(WISH_HEADER)) {
          kept.merge(name, cut, (first, next) -> first + ", " + next); // a list
        } else {
          kept.putIfAbsent(name, cut);
        }
      }
    }
    return kept;
  }
}
