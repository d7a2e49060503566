import type { Action, Run } from '../api';
import type { Query } from '../api/client';
import { firstPage, readOn } from './paged';

export const HOUR = 3_600_000;

export interface Hour {
  start: Date;
  succeeded: number;
  failed: number;
  other: number;
}

export interface Stats {
  hours: Hour[];
  succeeded: number;
  failed: number;
  durations: number[];
  /** Failures and deliveries by connection id. */
  connections: Map<string, { failed: number; fired: number }>;
  runs: number;
  /** Set when there was more than was read: the time back to which the numbers are whole. */
  wholeSince: Date | null;
}

export function since(milliseconds: number, now = Date.now()): string {
  return new Date(now - milliseconds).toISOString();
}

/**
 * Counts the deliveries of the last hours from the newest runs, at most `most` of them: a page for people, not the
 * books. `wholeSince` says from when on the numbers are whole.
 */
export async function readStats(hours: number, query: Query, most: number, signal?: AbortSignal): Promise<Stats> {
  const begin = Math.floor(Date.now() / HOUR - hours + 1) * HOUR;
  const first = await firstPage<Run>('/action-runs', { ...query, since: new Date(begin).toISOString() }, signal);
  const list = await readOn(first, ({ items }) => items.length >= most, signal);
  return summarise(list.items, begin, hours, list.next !== null, (query.connection_id as string) ?? null);
}

export function summarise(runs: Run[], begin: number, hours: number, cut: boolean, only: string | null): Stats {
  const stats: Stats = {
    hours: Array.from({ length: hours }, (_, i) => ({
      start: new Date(begin + i * HOUR),
      succeeded: 0,
      failed: 0,
      other: 0,
    })),
    succeeded: 0,
    failed: 0,
    durations: [],
    connections: new Map(),
    runs: runs.length,
    wholeSince: cut && runs.length ? new Date(runs[runs.length - 1].created_at) : null,
  };
  for (const run of runs) {
    const hour = stats.hours[Math.floor((Date.parse(run.created_at) - begin) / HOUR)];
    for (const action of run.actions) if (!only || action.connection_id === only) add(stats, hour, action);
  }
  stats.durations.sort((a, b) => a - b);
  return stats;
}

function add(stats: Stats, hour: Hour | undefined, action: Action): void {
  const kind = action.status === 'succeeded' || action.status === 'failed' ? action.status : 'other';
  if (hour) hour[kind]++;
  if (kind === 'other') return;
  stats[kind]++;
  if (action.duration_ms !== null) stats.durations.push(action.duration_ms);
  if (!action.connection_id) return;
  const seen = stats.connections.get(action.connection_id) ?? { failed: 0, fired: 0 };
  seen.fired++;
  if (kind === 'failed') seen.failed++;
  stats.connections.set(action.connection_id, seen);
}

/** The value below which a share of the sorted values lies (nearest rank). */
export function quantile(sorted: number[], share: number): number | null {
  return sorted.length ? sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] : null;
}
