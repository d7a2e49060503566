package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.vault.Credentials;
import java.util.List;

/**
 * An action that its provider has checked against the credentials with which it is sent. Requests
 * are built of nothing else, so the check happens exactly once.
 */
public final class CheckedAction {
  private final Provider provider;
  private final Credentials credentials;
  private final RenderedAction action;

  private CheckedAction(Provider provider, Credentials credentials, RenderedAction action) {
    this.provider = provider;
    this.credentials = credentials;
    this.action = action;
  }

  /**
   * @throws IllegalArgumentException naming the first field that is wrong
   */
  static CheckedAction of(Provider provider, Credentials credentials, RenderedAction action) {
    refuse(provider.checkAction(credentials, action));
    return new CheckedAction(provider, credentials, action);
  }

  /**
   * @throws IllegalArgumentException naming the first problem, if there is one
   */
  static void refuse(List<FieldProblem> problems) {
    if (!problems.isEmpty()) {
      FieldProblem first = problems.get(0);
      throw new IllegalArgumentException(first.field() + ": " + first.message());
    }
  }

  /** The exact request of one attempt; needs the credentials to be open. */
  public OutboundRequest request(Delivery delivery) {
    return provider.request(this, delivery);
  }

  Credentials credentials() {
    return credentials;
  }

  RenderedAction action() {
    return action;
  }
}
