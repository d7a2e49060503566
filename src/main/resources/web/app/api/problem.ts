export interface FieldProblem {
  field: string;
  message: string;
}

/** Whatever went wrong with a call, told apart by what happens next; `message` is for people. */
export class Problem extends Error {
  constructor(
    readonly kind: 'offline' | 'refused' | 'switched',
    message: string,
    readonly status = 0,
    readonly code = '',
    readonly fields: FieldProblem[] = [],
    readonly requestId = '',
  ) {
    super(message);
  }

  /** The network, or the service behind it, is away; the same call may work later. */
  static offline(): Problem {
    return new Problem(
      'offline',
      navigator.onLine
        ? 'The service could not be reached. It may be restarting; try again in a moment.'
        : 'You are offline. This page goes on by itself when the connection is back.',
    );
  }

  /** Another person signed in meanwhile; the answer, or the call, was not for them. */
  static switched(): Problem {
    return new Problem('switched', 'Another person has signed in meanwhile, so this was not done.');
  }

  /** The service answered with its error envelope, or with something a proxy made up. */
  static async from(response: Response): Promise<Problem> {
    const body = await response.json().catch(() => ({}));
    const details = body?.details ?? {};
    return new Problem(
      'refused',
      sentence(response, body?.message),
      response.status,
      body?.error ?? '',
      Array.isArray(details.fields) ? details.fields : [],
      details.request_id ?? '',
    );
  }
}

function sentence(response: Response, message?: string): string {
  const wait = Number(response.headers.get('Retry-After'));
  if (response.status === 429) {
    return `That was too much at once. Try again in ${wait > 0 ? `${wait} s` : 'a moment'}.`;
  }
  if (response.status === 403 && !message) return 'Your role does not allow this.';
  if (response.status >= 500) {
    return message ?? 'The service had an internal problem. Nothing you typed is lost; try again.';
  }
  return message ?? `The service answered ${response.status}.`;
}

/** What to show for anything that was thrown. */
export function say(thrown: unknown): string {
  if (thrown instanceof Problem) {
    return thrown.requestId ? `${thrown.message} (request ${thrown.requestId})` : thrown.message;
  }
  return 'Something unexpected went wrong on this page. Reload it, and tell us if it happens again.';
}
