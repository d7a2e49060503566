package io.fastyoke.integrations.certificates;

import java.security.GeneralSecurityException;

/** What is wrong with a PEM text, in words that quote nothing of it, to stand after its name. */
final class PemProblem extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  PemProblem(String message) {
    super(message);
  }

  /** Its message, which is always there. */
  String words() {
    return String.valueOf(getMessage());
  }
}
