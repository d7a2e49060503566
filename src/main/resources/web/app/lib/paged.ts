import { api } from '../api';
import type { Query } from '../api/client';

/** The largest page that is asked for. */
export const PAGE_LIMIT = 100;

/** What has been read of a list so far, and how to read on. */
export interface Paged<T> {
  items: T[];
  next: string | null;
}

export async function firstPage<T>(path: string, query: Query, signal?: AbortSignal): Promise<Paged<T>> {
  const { data, next } = await api.page<T>(path, { ...query, limit: PAGE_LIMIT }, signal);
  return { items: data, next };
}

/** Reads on until `enough` says so, or the list ends. */
export async function readOn<T>(
  list: Paged<T>,
  enough: (list: Paged<T>) => boolean,
  signal?: AbortSignal,
): Promise<Paged<T>> {
  let current = list;
  while (current.next && !enough(current)) {
    const { data, next } = await api.page<T>(current.next, {}, signal);
    current = { items: [...current.items, ...data], next };
  }
  return current;
}
