package io.fastyoke.integrations.dispatch;

/**
 * What may be waiting to be claimed: due runs, and runs that wait for the limits of their
 * connection. While there may be both, they are claimed in turn. Not thread-safe.
 */
final class PendingWork {
  private boolean due;
  private boolean limited;

  /** Whether something may have become due since the last claim of due runs. */
  private boolean dueAnew;

  private boolean dueIsNext = true;

  /**
   * What the next claim looks for.
   *
   * @param due due runs, or else those that wait for limits
   * @param anew whether something may have become due since the last claim of due runs
   */
  record NextClaim(boolean due, boolean anew) {}

  boolean isEmpty() {
    return !due && !limited;
  }

  /** Runs may have become due. */
  void becameDue() {
    due = true;
    dueAnew = true;
  }

  /** The last claim of due runs has left some. */
  void moreDue() {
    due = true;
  }

  /** Runs may wait for the limits of their connection that those let start. */
  void limitReachable() {
    limited = true;
  }

  /** Takes one of the two; what comes up from here on is looked for again. */
  NextClaim next() {
    NextClaim claim = new NextClaim(due && (dueIsNext || !limited), dueAnew);
    dueIsNext = !claim.due();
    if (claim.due()) {
      due = false;
      dueAnew = false;
    } else {
      limited = false;
    }
    return claim;
  }
}
