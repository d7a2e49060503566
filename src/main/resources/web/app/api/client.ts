import { Problem } from './problem';
import { Session } from './session';

export type Query = Record<string, string | number | undefined | null>;

export interface Answer<T> {
  data: T;
  /** The answer as it came, for what JavaScript's numbers would change. */
  text: string;
  etag: string | null;
  /** The path of the next page, when there is one. */
  next: string | null;
}

export interface Call {
  query?: Query;
  body?: unknown;
  /** JSON that is sent as it is, instead of a body. */
  raw?: string;
  /** The same key again has no second effect. */
  idempotencyKey?: string;
  ifMatch?: string | null;
  signal?: AbortSignal;
}

const BASE = '/api/v1/tenant';

/** The only way from this page to the service. */
export class Client {
  constructor(private readonly session: Session) {}

  async get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return (await this.call<T>('GET', path, { query, signal })).data;
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    return (await this.call<T>('POST', path, { body })).data;
  }

  /**
   * One call; a 401 waits for another token and then goes on, so that nothing typed is lost. It does not go on for
   * another person: neither the call nor its answer reaches another tenant, or another person.
   */
  async call<T>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    let token = this.session.token ?? (await this.session.replace(null));
    const caller = this.session.identity;
    for (;;) {
      const response = await send(method, address(path, call.query), token, call);
      if (response.status !== 401) return this.for(caller, await answer<T>(response));
      token = this.for(caller, await this.session.replace(token));
    }
  }

  private for<V>(caller: string | null, value: V): V {
    if (caller !== this.session.identity) throw Problem.switched();
    return value;
  }

  /** One page of a list; `path` is a resource, or the `next` of the page before. */
  page<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer<T[]>> {
    return this.call<T[]>('GET', path, { query, signal });
  }
}

async function send(method: string, url: string, token: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${token}` };
  const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.idempotencyKey) headers['Idempotency-Key'] = call.idempotencyKey;
  if (call.ifMatch) headers['If-Match'] = call.ifMatch;
  try {
    return await fetch(url, { method, headers, body, signal: call.signal, cache: 'no-store' });
  } catch (thrown) {
    if (call.signal?.aborted) throw thrown;
    throw Problem.offline();
  }
}

async function answer<T>(response: Response): Promise<Answer<T>> {
  if (!response.ok) throw await Problem.from(response);
  const text = await response.text();
  return {
    data: (text ? JSON.parse(text) : undefined) as T,
    text,
    etag: response.headers.get('ETag'),
    next: nextPage(response.headers.get('Link')),
  };
}

/** A key that was not used before; `crypto.randomUUID` would need https. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The path of `rel="next"`; only path and query are kept, so a list cannot send us to another host. */
function nextPage(link: string | null): string | null {
  const found = link?.match(/<([^>]+)>\s*;[^,]*rel="?next"?/);
  if (!found) return null;
  const url = new URL(found[1], location.origin + BASE + '/');
  return url.pathname + url.search;
}

function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const search = params.toString();
  const url = path.startsWith('/api/') ? path : BASE + path;
  return search ? `${url}?${search}` : url;
}
