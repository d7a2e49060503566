package io.fastyoke.integrations.egress.answer;

/** The other host does not speak HTTP here. Says nothing of what it wrote instead. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unreadable(String what) {
    super(what, null, false, false);
  }
}
