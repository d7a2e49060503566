import type { Connection, LogEvent, TestOutcome, TestResult, WaitingFor } from '../api';

/** What happened, and what to do next: for the person who is woken at three in the morning. */
export interface Advice {
  what: string;
  next: string;
}

const CODES: Record<string, Advice> = {
  template_error: {
    what: 'A variable in the template has no value for this job, so nothing was sent.',
    next: 'Try the template with this job in the template helper. Write {{name?}} where a value may be missing, correct the workflow, then fire the transition again: a replay would use the same template.',
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
    next: 'Ask the operator of the service to bring the old key back, or replace the credentials of the connection.',
  },
  invalid_request: {
    what: 'The workflow engine fired a request in SQL that is not valid, so nothing was sent.',
    next: 'Correct what the message names in the workflow, and fire the transition again.',
  },
  payload_too_large: {
    what: 'The workflow engine fired a request in SQL that is larger than the service allows, so nothing was sent.',
    next: 'Send less, or ask the operator of the service to allow more.',
  },
  unreadable_run: {
    what: 'What is stored of this run cannot be read, so nothing was sent.',
    next: 'Fire the transition again, and tell the operator of the service.',
  },
  blocked_address: {
    what: 'The address is one that this service does not call, so nothing was sent.',
    next: 'Use a public https address, or ask the operator of the service to allow this one.',
  },
  unreachable: {
    what: 'No connection to the provider could be made, so nothing was sent.',
    next: 'Check that the host name is right and the receiver is up, then replay.',
  },
  token_refused: {
    what: 'The authorization server gave no access token: it refused the request for one. The receiver did nothing.',
    next: 'Check client, secret, scope and audience there, test the connection, then replay.',
  },
  token_unreachable: {
    what: 'The authorization server could not be asked for an access token, or gave none. The receiver did nothing.',
    next: 'Check the token URL, and that the server is up; test the connection, then replay.',
  },
  timeout: {
    what: 'The receiver did not answer in time. It may have done the work all the same.',
    next: 'Look at the receiver before replaying. If it is slow by nature, raise the timeout of the connection.',
  },
  connection_lost: {
    what: 'The connection broke after the request was sent. The receiver may have done the work all the same.',
    next: 'Look at the receiver before replaying.',
  },
  outcome_unknown: {
    what: 'It is not known whether the provider carried this out, and sending it again would not be safe.',
    next: 'Look in the provider’s own log. Replay only if it was not carried out there: a replay may send it twice.',
  },
  provider_refused: {
    what: 'The provider answered, and refused the request in its answer.',
    next: 'Its reason is below; correct what it names, then fire the transition again.',
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
      next: 'Wait until it works again, then replay.',
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

const CORRECT_JOB = 'Correct the number in the job, then fire the transition again: a replay would use the same number.';
const CORRECT_WORKFLOW =
  'Correct “From” in the workflow’s template, then fire the transition again: a replay would use the same template.';

/** Codes of Twilio that people meet most (twilio.com/docs/api/errors). */
const TWILIO: Record<number, Advice> = {
  20003: {
    what: 'Twilio does not accept the credential.',
    next: 'Test the connection; if it fails too, replace its credentials, then replay.',
  },
  21211: { what: 'Twilio says that “To” is not a valid phone number.', next: CORRECT_JOB },
  21408: {
    what: 'Twilio may not send to that country.',
    next: 'Enable the country under Geo permissions in Twilio’s console, then replay.',
  },
  21606: { what: 'Twilio says that “From” is not a number that can send messages.', next: CORRECT_WORKFLOW },
  21610: {
    what: 'The recipient has unsubscribed (sent STOP).',
    next: 'Nothing reaches them until they send START to your number; tell them in another way.',
  },
  21612: { what: 'Twilio cannot send from that “From” to that “To”.', next: CORRECT_WORKFLOW },
  21614: { what: 'Twilio says that “To” is not a mobile number.', next: CORRECT_JOB },
};

const RETRIES = ' An action that says “retry” in the workflow does that by itself.';

/** What to say of an action that went wrong, after so many attempts. */
export function adviceFor(code: string, status: number | null, attempts = 0): Advice {
  if (code !== 'http_status')
    return CODES[code] ?? { what: 'The delivery failed.', next: 'The details below may tell more.' };
  const { what, next } = STATUSES.find(([fits]) => fits(status ?? 0))![1];
  return { what, next: (status ?? 0) >= 500 && attempts === 1 ? next + RETRIES : next };
}

/** The provider's own explanation, where its answer carries one that we know to read, and what to do where we know it. */
export function providerSays(event: LogEvent): { what: string | null; next?: string } | null {
  if (!event.response_body) return null;
  try {
    const body = JSON.parse(event.response_body);
    if (event.provider === 'twilio') return { what: twilioSays(body), next: TWILIO[body.code]?.next };
    if (event.provider === 'sendgrid') return { what: sendgridSays(body) };
    const said = [body.message, body.detail, body.error?.message, body.error].find((text) => typeof text === 'string');
    return said ? { what: `The receiver says: “${said.slice(0, LONGEST)}”` } : null;
  } catch {
    return null;
  }
}

/** No reader wants more than this in a notice; the whole answer is below it. */
const LONGEST = 300;

function twilioSays({ code, message }: { code?: number; message?: string }): string | null {
  const plain = TWILIO[code ?? 0]?.what;
  if (plain) return `${plain} (error ${code}${message ? `: “${message}”` : ''})`;
  return message ? `Twilio says: “${message}”${code ? ` (error ${code})` : ''}` : null;
}

function sendgridSays({ errors }: { errors?: Array<{ message?: string; field?: string | null }> }): string | null {
  const messages = (errors ?? []).filter(({ message }) => message);
  const said = messages.map(({ message, field }) => `“${message}”${field ? ` (${field})` : ''}`);
  return said.length ? `SendGrid says: ${said.join('; ')}` : null;
}

const TESTS: Record<TestOutcome, string> = {
  ok: 'It works: the provider accepted the credential.',
  unauthorized:
    'The provider does not accept this credential. Copy it again from the provider’s console and replace it here.',
  not_permitted:
    'The credential is genuine, but may not do what is needed. Widen its permissions in the provider’s console.',
  unreachable:
    'The provider could not be asked, so nothing is known of the credential. Its address is fixed; try again in a minute.',
  blocked: 'The service does not call this address. Use a public https address.',
};

/** A tenant's own endpoint: its answer says little about the credential. */
const REST: Partial<Record<TestOutcome, string>> = {
  unauthorized: 'The endpoint does not accept this credential. Copy it again from its owner and replace it here.',
  not_permitted: 'The endpoint does not permit this credential to call its base URL.',
  unreachable: 'The endpoint could not be reached. Check the address; if it is right, try again in a minute.',
};

/** How the service begins when the endpoint was not asked, for want of an access token. */
const NO_TOKEN = 'There is no token.';
const WRONG_CLIENT = 'Check client, secret, scope and audience at the authorization server.';
const WRONG_SERVER = 'Check the token URL; if it is right, try again in a minute.';

/** A test's answer for people, and whether it is good, bad, or neither. */
export function testWords({ outcome, message, response_status: status }: TestResult, provider: string): string {
  if (provider !== 'generic_rest') return TESTS[outcome] ?? message;
  if (message.startsWith(NO_TOKEN)) return `${message} ${outcome === 'unauthorized' ? WRONG_CLIENT : WRONG_SERVER}`;
  if (outcome !== 'ok') return REST[outcome] ?? TESTS[outcome] ?? message;
  return status !== null && status >= 200 && status < 300
    ? 'It works: the endpoint answered, and did not refuse the credential.'
    : `The endpoint was reached, but its base URL answered ${status ?? 'oddly'}: whether it accepts the credential shows only when a workflow calls one of its paths.`;
}

const WAITS: Record<WaitingFor, string> = {
  capacity: 'a free worker',
  earlier_run: 'an earlier run of its job',
  connection_limit: 'the limits of its connection',
  connection_paused: 'its connection to be resumed',
  retry: 'the time of its next attempt',
};

/** What a run waits for; a name that this page does not know yet as it is. */
export function waitsFor(what: WaitingFor): string {
  return WAITS[what] ?? what;
}

export type Health = 'active' | 'failing' | 'paused' | 'unreadable';

/** A connection fails when its last delivery did; being paused or unreadable is said first. */
export function health(connection: Connection): Health {
  if (connection.status !== 'active') return connection.status;
  const outcome = connection.last_outcome;
  return outcome && !['success', 'succeeded', 'ok', 'delivered'].includes(outcome) ? 'failing' : 'active';
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** In how many days its client certificate ends, if that is soon; 0 or less when it has ended. */
export function certificateEndsIn({ certificate_expires_at: end }: Connection, now = Date.now()): number | null {
  const days = end ? Math.ceil((Date.parse(end) - now) / DAY_MS) : null;
  return days !== null && days <= SOON_DAYS ? days : null;
}

/** Whether what is fired at it waits until it is resumed. */
export function holds({ status, settings }: Connection): boolean {
  return status === 'paused' && settings?.when_paused === 'hold';
}
