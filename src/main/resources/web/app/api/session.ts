import { Problem } from './problem';

const KEY = 'fastyoke.token';
const MANAGE = 'admin:*';
const EXECUTE = 'workflow:execute';

export interface Claims {
  sub?: string;
  email?: string;
  tenant_id?: string;
  role?: string;
  exp?: number;
  impersonated_by?: string;
  ext_id?: string;
  api_token_id?: string;
  scopes?: string[];
}

/** What a token says; read for display only, since only the service can verify it. */
export function readClaims(token: string): Claims | null {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/**
 * The admin shell's token: from `localStorage["fastyoke.token"]`, from a `fastyoke.token` message of an allowed
 * origin, from `/dev/token` in development, or pasted. It is never put into a URL.
 *
 * Fires `change` with a new token, and `ask` when a person must give one; calls that wait for it go on by themselves.
 * When the new token is another person's or another tenant's, `switch` comes first, and what waited is given up: it was
 * meant for the one before.
 */
export class Session extends EventTarget {
  token: string | null = null;
  claims: Claims | null = null;
  asking = false;
  private waiting: Array<{ resolve: (token: string) => void; reject: (problem: Problem) => void }> = [];

  constructor() {
    super();
    window.addEventListener('message', (event) => this.hear(event));
    window.addEventListener('storage', (event) => {
      if (event.key === KEY && event.newValue) this.offer(event.newValue);
    });
    this.adopt(stored());
    for (const origin of [location.origin, ...shellOrigins()])
      window.opener?.postMessage({ type: 'fastyoke.ready' }, origin);
  }

  /** Takes a token for this and all waiting calls; says why not when it cannot be one. */
  offer(raw: string): string | null {
    const token = raw.trim().replace(/^Bearer\s+/i, '');
    const claims = readClaims(token);
    if (!claims) return 'This is not a token: it should have three parts, separated by dots.';
    if (claims.exp && claims.exp * 1000 <= Date.now()) return 'This token has expired. Copy a fresh one.';
    if (!claims.tenant_id) return 'This token belongs to no tenant; sign in to a tenant first.';
    this.adopt(token);
    return null;
  }

  /** Keeps a pasted token for this tab, so that a reload does not ask again. */
  keep(): void {
    if (this.token) sessionStorage.setItem(KEY, this.token);
  }

  /** Another token than the one that was refused (or none yet); waits for a person when there is no other way. */
  async replace(refused: string | null): Promise<string> {
    const shell = stored();
    if (this.token && this.token !== refused) return this.token;
    if (shell && shell !== refused) return this.adopt(shell)!;
    const development = await developmentToken();
    if (development && development !== refused) return this.adopt(development)!;
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.asking = true;
      this.dispatchEvent(new Event('ask'));
    });
  }

  /** Whether the person may create, change, delete and test connections, and see usage. */
  get mayManage(): boolean {
    return this.isMachine ? this.hasScope(MANAGE) : this.claims?.role === 'admin';
  }

  /** Whether the person may replay and cancel runs. */
  get mayExecute(): boolean {
    if (this.isMachine) return this.hasScope(MANAGE) || this.hasScope(EXECUTE);
    return this.claims?.role === 'admin' || this.claims?.role === 'operator';
  }

  /** Whose data the page shows; null before anybody has signed in. */
  get identity(): string | null {
    return this.claims && JSON.stringify([this.claims.tenant_id, this.claims.sub]);
  }

  /** Extensions and API clients are judged by their scopes, people by their role. */
  private get isMachine(): boolean {
    return Boolean(this.claims?.ext_id || this.claims?.api_token_id);
  }

  private hasScope(scope: string): boolean {
    return this.claims?.scopes?.includes(scope) ?? false;
  }

  private hear(event: MessageEvent): void {
    const fromShell = event.origin === location.origin || shellOrigins().includes(event.origin);
    if (fromShell && event.data?.type === KEY && typeof event.data.token === 'string') {
      this.offer(event.data.token);
    }
  }

  private adopt(token: string | null): string | null {
    if (!token) return null;
    const before = this.identity;
    this.token = token;
    this.claims = readClaims(token);
    this.asking = false;
    const isSwitch = before !== null && before !== this.identity;
    if (isSwitch) this.dispatchEvent(new Event('switch'));
    for (const { resolve, reject } of this.waiting.splice(0)) {
      if (isSwitch) reject(Problem.switched());
      else resolve(token);
    }
    this.dispatchEvent(new Event('change'));
    return token;
  }
}

/** The token that lasts longest, of the shell's and the pasted one; null when both have ended. */
function stored(): string | null {
  const tokens = [localStorage.getItem(KEY), sessionStorage.getItem(KEY)].filter((token) => token !== null);
  const alive = tokens.filter((token) => expiry(token) > Date.now());
  return alive.sort((a, b) => expiry(b) - expiry(a))[0] ?? null;
}

/** When a token ends, in milliseconds; one that does not say so is left to the service to judge. */
function expiry(token: string): number {
  const claims = readClaims(token);
  return claims ? (claims.exp ?? Number.MAX_SAFE_INTEGER) * 1000 : 0;
}

/** Further origins that may hand over a token, from the page's own head. */
function shellOrigins(): string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="fastyoke-shell-origins"]');
  return (meta?.content ?? '').split(/[\s,]+/).filter(Boolean);
}

/** Only where the page was served in dev mode: everywhere else the question is an error in the browser's log. */
async function developmentToken(): Promise<string | null> {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (!page?.serverTiming?.some((entry) => entry.name === 'dev')) return null;
  try {
    const response = await fetch('/dev/token', { headers: { Accept: 'application/json' } });
    return response.ok ? ((await response.json()).token ?? null) : null;
  } catch {
    return null;
  }
}
