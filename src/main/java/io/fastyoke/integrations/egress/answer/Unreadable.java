package io.fastyoke.integrations.egress.answer;

/** The bytes of the other host are not HTTP. The message quotes none of them. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unreadable(String reason) {
    super(reason, null, false, false);
  }
}
