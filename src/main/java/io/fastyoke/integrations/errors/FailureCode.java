package io.fastyoke.integrations.errors;

import java.util.Locale;

/**
 * Every code that says why an action was not carried out: in runs, in the event log and in
 * previews. {@code docs/errors.md} and the description of the API list them from here. Rows keep
 * their codes, so none is ever renamed.
 */
public enum FailureCode {
  TEMPLATE_ERROR(
      Billing.FREE,
      "The template cannot be filled: a variable has no value, or the result is no valid request."
          + " Nothing was sent.",
      "never",
      "Correct the workflow, or write `{{name?}}` where a value may be missing, and fire the"
          + " transition again. `POST /api/v1/tenant/action-runs/preview` shows the request"
          + " beforehand."),
  CONNECTION_NOT_FOUND(
      Billing.FREE,
      "The action names a connection that the tenant does not have, or one of a provider that this"
          + " version does not have. Nothing was sent.",
      "never",
      "Choose an existing connection in the workflow and fire the transition again."),
  CONNECTION_PAUSED(
      Billing.FREE,
      "The connection is paused, or its pause has held the action for `hold_hours`. Nothing was sent.",
      "never",
      "Resume the connection, then replay the run."),
  CREDENTIAL_UNREADABLE(
      Billing.FREE,
      "The credentials were sealed with a key that the service does not have. Nothing was sent.",
      "never",
      "Enter the credentials again, or have the operator put the key into"
          + " `ENCRYPTION_KEYS_RETIRED`; then replay the run."),
  BLOCKED_ADDRESS(
      Billing.FREE,
      "The host resolves to an address that the service does not call. Nothing was sent.",
      "never",
      "Use a public https address. The operator can allow others with `EGRESS_ALLOW_CIDRS`."),
  UNREACHABLE(
      Billing.ONCE,
      "No connection could be made, or TLS failed. Nothing was sent. An attempt that the service"
          + " could repeatedly not start in time ends so, too, and is neither charged nor retried.",
      "with `retry`, for every provider; not when the receiver requires another client certificate",
      "Check the host name and the certificate, and that the receiver is up; then replay the run."),
  TOKEN_REFUSED(
      Billing.FREE,
      "The token endpoint of the connection (OAuth 2) answered 4xx: there was no token. The action"
          + " was not sent, or was refused by its receiver with 401 for the token before.",
      "with `retry`, after 408 and 429",
      "Check the client's identifier, secret, scope and audience at the authorization server;"
          + " `POST /api/v1/tenant/connections/{id}/test` asks for a token. Then replay the run."),
  TOKEN_UNREACHABLE(
      Billing.FREE,
      "The token endpoint of the connection (OAuth 2) gave no answer in time, 5xx, or an answer"
          + " without a token. The action was not sent, or was refused by its receiver with 401 for"
          + " the token before.",
      "with `retry`; not when the token endpoint requires another client certificate",
      "Check `token_url`, and that the authorization server is up; then replay the run."),
  TIMEOUT(
      Billing.ONCE,
      "The receiver did not answer within `settings.timeout_ms`. It may have done the work.",
      "with `retry`",
      "Look at the receiver before replaying the run. Raise `timeout_ms` if it is slow by nature."),
  CONNECTION_LOST(
      Billing.ONCE,
      "The connection broke after the request was sent. The receiver may have done the work.",
      "with `retry`",
      "Look at the receiver before replaying the run."),
  PROTOCOL_ERROR(
      Billing.ONCE,
      "The answer is not HTTP. The receiver may have done the work.",
      "with `retry`",
      "Check that the address is that of the webhook."),
  OUTCOME_UNKNOWN(
      Billing.ONCE,
      "The request may have been carried out (timeout, lost connection, 5xx, or the service was"
          + " interrupted), and the provider cannot recognise a repetition.",
      "only with `retry.on_unknown: \"retry\"`",
      "Look in the log of the provider. Replay the run only if the action was not carried out there."),
  HTTP_STATUS(
      Billing.ONCE,
      "The receiver answered with another status than 2xx; `response_status` has it.",
      "with `retry`, after 408, 425, 429, 500, 502, 503 and 504",
      "The answer in the event log usually says what is wrong. Correct it, then replay the run."),
  PROVIDER_REFUSED(
      Billing.ONCE,
      "The answer has a status of success, but its body says that the provider refused the request.",
      "with `retry`, when the provider says that trying again helps",
      "The answer in the event log usually says what is wrong. Correct it, then replay the run."),
  INVALID_REQUEST(
      Billing.FREE,
      "The request was fired in SQL (`fastyoke_fire`), and `POST /api/v1/tenant/action-runs` would have refused it; the"
          + " message says why. Nothing was sent.",
      "never",
      "Correct what the message names, and fire the transition again under a new key. Such a run cannot be replayed."),
  PAYLOAD_TOO_LARGE(
      Billing.FREE,
      "The request was fired in SQL (`fastyoke_fire`) and is larger than the operator allows (`REQUEST_MAX_BYTES`)."
          + " Nothing was sent.",
      "never",
      "Send less, or ask the operator for more, and fire the transition again under a new key."),
  UNREADABLE_RUN(
      Billing.FREE,
      "What is stored of the run cannot be read by this version. Nothing was sent.",
      "never",
      "Fire the transition again, and report it to the operator."),
  PREVIEW_TOO_LARGE(
      Billing.FREE,
      "Only in a preview: the requests before this one fill what one answer shows. The action would"
          + " be sent all the same.",
      "never",
      "Preview this action alone.");

  /** Whether such an action has its row in the ledger. */
  private enum Billing {
    FREE,
    ONCE
  }

  private final Billing billing;
  private final String meaning;
  private final String retried;
  private final String remedy;

  FailureCode(Billing billing, String meaning, String retried, String remedy) {
    this.billing = billing;
    this.meaning = meaning;
    this.retried = retried;
    this.remedy = remedy;
  }

  /** The code as it is sent and stored. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the action is charged, once, with this as the outcome of its first attempt. */
  public boolean charged() {
    return billing == Billing.ONCE;
  }

  /** What has happened, in Markdown. */
  public String meaning() {
    return meaning;
  }

  /** When the attempt is repeated, in Markdown. */
  public String retried() {
    return retried;
  }

  /** What the tenant can do about it, in Markdown. */
  public String remedy() {
    return remedy;
  }
}
