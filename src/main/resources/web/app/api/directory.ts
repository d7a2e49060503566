import { PAGE_LIMIT } from '../lib/paged';
import { api } from './index';
import type { Connection, Provider } from './types';

type Entry = Pick<Connection, 'connection_name' | 'provider'>;

const GONE: Entry = { connection_name: 'Deleted connection', provider: '' };

/** What connections are called, by id; asked for once each. */
const entries = new Map<string, Promise<Entry>>();
let newest: Promise<void> | undefined;
let providerList: Promise<Provider[]> | undefined;

export function remember(connections: Connection[]): void {
  for (const connection of connections) entries.set(connection.id, Promise.resolve(connection));
}

/** Asks for the newest connections at one go, so that a list of deliveries need not ask for each of theirs. */
export function expectMany(): void {
  newest ??= api.get<Connection[]>('/connections', { limit: PAGE_LIMIT }).then(remember, () => {
    newest = undefined;
  });
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

async function entry(id: string): Promise<Entry> {
  await newest;
  let found = entries.get(id);
  if (!found) {
    found = api.get<Connection>(`/connections/${encodeURIComponent(id)}`).catch(() => GONE);
    entries.set(id, found);
  }
  return found;
}
