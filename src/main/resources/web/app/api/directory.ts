import { api } from './index';
import type { Connection, Provider } from './types';

/** Names of connections by id, asked for once each. */
const names = new Map<string, Promise<string>>();
let providerList: Promise<Provider[]> | undefined;

export function remember(connections: Connection[]): void {
  for (const connection of connections) names.set(connection.id, Promise.resolve(connection.connection_name));
}

export function forget(id: string): void {
  names.delete(id);
}

export function connectionName(id: string): Promise<string> {
  let name = names.get(id);
  if (!name) {
    name = api
      .get<Connection>(`/connections/${encodeURIComponent(id)}`)
      .then((connection) => connection.connection_name)
      .catch(() => 'Deleted connection');
    names.set(id, name);
  }
  return name;
}

export function providers(): Promise<Provider[]> {
  providerList ??= api.get<Provider[]>('/providers').catch((thrown) => {
    providerList = undefined;
    throw thrown;
  });
  return providerList;
}
