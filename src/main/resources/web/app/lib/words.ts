import type { Connection, LogEvent, TestOutcome, TestResult } from '../api';

/** What happened, and what to do next: for the person who is woken at three in the morning. */
export interface Advice {
  what: string;
  next: string;
}

const CODES: Record<string, Advice> = {
  template_error: {
    what: 'A variable in the template has no value for this job, so nothing was sent.',
    next: 'Try the template with this job in the template helper. Write {{name?}} where a value may be missing, correct the workflow, then replay.',
  },
  connection_not_found: {
    what: 'The workflow names a connection that does not exist (any more), so nothing was sent.',
    next: 'Choose an existing connection in the FSM designer, then fire the transition again.',
  },
  connection_paused: {
    what: 'The connection was paused, so nothing was sent.',
    next: 'Resume the connection, then replay this delivery.',
  },
  credential_unreadable: {
    what: 'The stored credential was sealed with a key that the service no longer has, so nothing was sent.',
    next: 'Ask whoever operates the service to bring the old key back, or replace the credentials of the connection.',
  },
  unreadable_run: {
    what: 'What is stored of this run cannot be read, so nothing was sent.',
    next: 'Fire the transition again, and tell whoever operates the service.',
  },
  blocked_address: {
    what: 'The address is one that this service does not call, so nothing was sent.',
    next: 'Use a public https address, or ask whoever operates the service to allow this one.',
  },
  unreachable: {
    what: 'No connection to the provider could be made, so nothing was sent.',
    next: 'Check that the host name is right and the receiver is up, then replay.',
  },
  timeout: {
    what: 'The receiver did not finish its answer in time. It may have done the work all the same.',
    next: 'Look at the receiver before replaying. If it is slow by nature, raise the timeout of the connection.',
  },
  connection_lost: {
    what: 'The connection broke after the request was sent. The receiver may have done the work all the same.',
    next: 'Look at the receiver before replaying.',
  },
  outcome_unknown: {
    what: 'Nobody can say whether this was carried out, and the provider has no way to send it again safely.',
    next: 'Look in the provider’s own log. Replay only if it was not carried out there: a replay may send it twice.',
  },
  protocol_error: {
    what: 'The receiver answered with something that is not proper HTTP.',
    next: 'Check that the address really is the webhook’s, and not some other service’s.',
  },
};

const STATUSES: Array<[(status: number) => boolean, Advice]> = [
  [
    (status) => status === 401 || status === 403,
    {
      what: 'The receiver refused the credential.',
      next: 'Test the connection; if it fails too, replace its credentials, then replay.',
    },
  ],
  [
    (status) => status === 404,
    { what: 'The receiver knows nothing at this path.', next: 'Check the path in the workflow’s template.' },
  ],
  [
    (status) => status === 410,
    {
      what: 'The receiver says that this address is gone for good; the connection was paused.',
      next: 'Ask the receiver for the new address.',
    },
  ],
  [
    (status) => status === 429,
    { what: 'The receiver is being called too often.', next: 'Set a limit per second on the connection, then replay.' },
  ],
  [
    (status) => status >= 300 && status < 400,
    {
      what: 'The receiver redirects to another address; redirects are never followed.',
      next: 'Put the final address into the connection.',
    },
  ],
  [
    (status) => status >= 500,
    {
      what: 'The receiver itself had a problem.',
      next: 'Wait until it is well again, then replay. Retries can be switched on in the workflow’s action.',
    },
  ],
  [
    () => true,
    {
      what: 'The receiver did not accept the request.',
      next: 'Its answer below usually says which value it does not like.',
    },
  ],
];

/** Codes of Twilio that people meet most (twilio.com/docs/api/errors). */
const TWILIO: Record<number, string> = {
  20003: 'Twilio does not accept the credential.',
  21211: 'Twilio says that “To” is not a valid phone number.',
  21408: 'Twilio may not send to that country; enable it under Geo permissions.',
  21606: 'Twilio says that “From” is not a number that can send messages.',
  21610: 'The recipient has unsubscribed (sent STOP).',
  21612: 'Twilio cannot route to that number.',
  21614: 'Twilio says that “To” is not a mobile number.',
};

export function adviceFor(code: string, status: number | null): Advice {
  if (code !== 'http_status')
    return CODES[code] ?? { what: 'The delivery failed.', next: 'The details below may tell more.' };
  return STATUSES.find(([fits]) => fits(status ?? 0))![1];
}

/** The provider's own explanation, where its answer carries one that we know to read. */
export function providerSays(event: LogEvent): string | null {
  if (!event.response_body) return null;
  try {
    const body = JSON.parse(event.response_body);
    if (event.provider === 'twilio') return TWILIO[body.code] ?? body.message ?? null;
    if (event.provider === 'sendgrid') return body.errors?.[0]?.message ?? null;
  } catch {
    return null;
  }
  return null;
}

const TESTS: Record<TestOutcome, string> = {
  ok: 'It works: the provider accepted the credential.',
  unauthorized:
    'The provider does not accept this credential. Copy it again from the provider’s console and replace it here.',
  not_permitted:
    'The credential is genuine, but may not do what is needed. Widen its permissions in the provider’s console.',
  unreachable: 'The provider could not be reached. Check the address; if it is right, try again in a minute.',
  blocked: 'The service does not call this address. Use a public https address.',
};

export function testWords(result: TestResult): string {
  return TESTS[result.outcome] ?? result.message;
}

export type Health = 'active' | 'failing' | 'paused' | 'unreadable';

/** A connection fails when its last delivery did; being paused or unreadable is said first. */
export function health(connection: Connection): Health {
  if (connection.status !== 'active') return connection.status;
  const outcome = connection.last_outcome;
  return outcome && !['success', 'succeeded', 'ok', 'delivered'].includes(outcome) ? 'failing' : 'active';
}

const PROVIDERS: Record<string, string> = { twilio: 'Twilio', sendgrid: 'SendGrid', generic_rest: 'REST webhook' };

export function providerTitle(name: string | null | undefined): string {
  return name ? (PROVIDERS[name] ?? name) : 'Unknown provider';
}
