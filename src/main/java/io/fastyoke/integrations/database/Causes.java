package io.fastyoke.integrations.database;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks from a failure to its root. */
public final class Causes {
  /** A longer chain is most likely a circle. */
  private static final int MAX_DEPTH = 20;

  private Causes() {}

  /** The failure itself, its cause, the cause's cause and so on, at most 20; never empty. */
  public static List<Throwable> of(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    @Nullable Throwable cause = failure;
    while (cause != null && causes.size() < MAX_DEPTH) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /** The last of {@link #of}. */
  static Throwable root(Throwable failure) {
    List<Throwable> causes = of(failure);
    return causes.get(causes.size() - 1);
  }

  /** Whether the failure or one of its causes is of this type. */
  static boolean include(Throwable failure, Class<? extends Throwable> type) {
    return of(failure).stream().anyMatch(type::isInstance);
  }
}
