import { Problem } from './problem';
import { Session } from './session';

export type Query = Record<string, string | number | undefined | null>;

export interface Answer<T> {
  data: T;
  etag: string | null;
  /** The path of the next page, when there is one. */
  next: string | null;
}

export interface Call {
  query?: Query;
  body?: unknown;
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

  /** One call; a 401 waits for another token and then goes on, so that nothing typed is lost. */
  async call<T>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    let token = this.session.token ?? (await this.session.replace(null));
    for (;;) {
      const response = await send(method, address(path, call.query), token, call);
      if (response.status !== 401) return answer<T>(response);
      token = await this.session.replace(token);
    }
  }

  /** One page of a list; `path` is a resource, or the `next` of the page before. */
  page<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer<T[]>> {
    return this.call<T[]>('GET', path, { query, signal });
  }
}

async function send(method: string, url: string, token: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${token}` };
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.ifMatch) headers['If-Match'] = call.ifMatch;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
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
    etag: response.headers.get('ETag'),
    next: nextPage(response.headers.get('Link')),
  };
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
