const KEY = 'fastyoke.token';

export interface Claims {
  sub?: string;
  email?: string;
  tenant_id?: string;
  role?: string;
  exp?: number;
  impersonated_by?: string;
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
 */
export class Session extends EventTarget {
  token: string | null = null;
  claims: Claims | null = null;
  asking = false;
  private waiting: Array<(token: string) => void> = [];

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
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.asking = true;
      this.dispatchEvent(new Event('ask'));
    });
  }

  /** Whether the person may create, change, delete and test connections, and see usage. */
  get mayManage(): boolean {
    return this.claims?.role === 'admin';
  }

  private hear(event: MessageEvent): void {
    const fromShell = event.origin === location.origin || shellOrigins().includes(event.origin);
    if (fromShell && event.data?.type === KEY && typeof event.data.token === 'string') {
      this.offer(event.data.token);
    }
  }

  private adopt(token: string | null): string | null {
    if (!token) return null;
    this.token = token;
    this.claims = readClaims(token);
    this.asking = false;
    this.waiting.splice(0).forEach((resolve) => resolve(token));
    this.dispatchEvent(new Event('change'));
    return token;
  }
}

function stored(): string | null {
  return localStorage.getItem(KEY) ?? sessionStorage.getItem(KEY);
}

/** Further origins that may hand over a token, from the page's own head. */
function shellOrigins(): string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="fastyoke-shell-origins"]');
  return (meta?.content ?? '').split(/[\s,]+/).filter(Boolean);
}

async function developmentToken(): Promise<string | null> {
  try {
    const response = await fetch('/dev/token', { headers: { Accept: 'application/json' } });
    return response.ok ? ((await response.json()).token ?? null) : null;
  } catch {
    return null;
  }
}
