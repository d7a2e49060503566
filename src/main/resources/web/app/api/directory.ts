import { api, session } from './index';
import type { Connection, Provider } from './types';

export type Entry = Pick<Connection, 'connection_name' | 'provider'>;

/** What stands for a connection that is not there any more. */
export const GONE: Entry = { connection_name: 'Deleted connection', provider: '' };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How many the service looks up at once. */
const AT_ONCE = 100;

/** What connections are called, by id; asked for once each, and together with what is asked for at the same time. */
const entries = new Map<string, Promise<Entry>>();
let asked: Array<{ id: string; found: (entry: Entry) => void }> = [];
let providerList: Promise<Provider[]> | undefined;

session.addEventListener('switch', () => {
  entries.clear();
  asked = [];
  providerList = undefined;
});

export function remember(connections: Connection[]): void {
  for (const connection of connections) entries.set(connection.id, Promise.resolve(connection));
}

export function forget(id: string): void {
  entries.delete(id);
}

export async function connectionName(id: string): Promise<string> {
  return (await entry(id)).connection_name;
}

export async function providerOf(id: string): Promise<string> {
  return (await entry(id)).provider;
}

export function providers(): Promise<Provider[]> {
  providerList ??= api.get<Provider[]>('/providers').catch((thrown) => {
    providerList = undefined;
    throw thrown;
  });
  return providerList;
}

/** What the service calls a provider; its name where that cannot be found out. */
export async function providerTitle(name: string | null | undefined): Promise<string> {
  if (!name) return 'Webhook';
  const known = await providers().catch(() => []);
  return known.find((provider) => provider.name === name)?.title ?? name;
}

/** A connection's name and provider; that of a deleted one is {@link GONE}. */
export function entry(id: string): Promise<Entry> {
  let found = entries.get(id);
  if (!found) {
    if (!UUID.test(id)) return Promise.resolve(GONE);
    found = new Promise((resolve) => {
      if (asked.length === 0) queueMicrotask(() => void lookUp(asked.splice(0)));
      asked.push({ id, found: resolve });
    });
    entries.set(id, found);
  }
  return found;
}

/** By a list, which leaves out what is not there: asking for each would be an error for each that was deleted. */
async function lookUp(wanted: typeof asked): Promise<void> {
  for (let i = 0; i < wanted.length; i += AT_ONCE) {
    const some = wanted.slice(i, i + AT_ONCE);
    try {
      const query = { ids: some.map(({ id }) => id).join(','), limit: AT_ONCE };
      const rows = await api.get<Connection[]>('/connections', query);
      const known = new Map(rows.map((row) => [row.id, row]));
      for (const { id, found } of some) found(known.get(id) ?? GONE);
    } catch {
      for (const { id, found } of some) {
        entries.delete(id);
        found({ connection_name: id, provider: '' });
      }
    }
  }
}
