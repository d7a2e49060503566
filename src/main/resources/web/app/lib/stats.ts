import { api, type ConnectionStats, type DeliveryStats, type Outcomes } from '../api';

const HOUR = 3_600_000;
const HOURS = 24;

export interface Hour {
  start: Date;
  succeeded: number;
  failed: number;
  other: number;
}

/** A day of deliveries, hour by hour. */
export interface Day extends DeliveryStats {
  hours: Hour[];
}

export function since(milliseconds: number, now = Date.now()): string {
  return new Date(now - milliseconds).toISOString();
}

/** The last 24 hours, this one included. */
export async function lastDay(signal?: AbortSignal): Promise<Day> {
  const begin = dayBegin();
  const query = { since: new Date(begin).toISOString(), bucket: 'hour' };
  const stats = await api.get<DeliveryStats>('/stats', query, signal);
  return { ...stats, hours: hours(stats, begin) };
}

/** The last 24 hours of one connection. */
export interface ShortDay {
  totals: Outcomes;
  hours: Hour[];
}

const NONE: Outcomes = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0 };

/** The last 24 hours of some connections, in one call. */
export async function lastDays(connections: string[]): Promise<Map<string, ShortDay>> {
  const begin = dayBegin();
  const query = { since: new Date(begin).toISOString(), bucket: 'hour', ids: connections.join(',') };
  const found = await api.get<ConnectionStats[]>('/stats/connections', query);
  const byId = new Map(found.map((stats) => [stats.connection_id, stats]));
  return new Map(
    connections.map((id) => {
      const stats = byId.get(id) ?? { totals: NONE, buckets: [] };
      return [id, { totals: stats.totals, hours: hours(stats, begin) }];
    }),
  );
}

function dayBegin(): number {
  return (Math.floor(Date.now() / HOUR) - HOURS + 1) * HOUR;
}

/** How often a connection was used lately: everything that workflows wanted of it, delivered or not. */
export async function timesUsed(connection: string, milliseconds: number, signal?: AbortSignal): Promise<number> {
  const query = { since: since(milliseconds), bucket: 'day', connection_id: connection };
  const { totals } = await api.get<DeliveryStats>('/stats', query, signal);
  return totals.succeeded + totals.failed + totals.skipped + totals.cancelled;
}

function hours(stats: Pick<DeliveryStats, 'buckets'>, begin: number): Hour[] {
  const found = new Map(stats.buckets.map((bucket) => [Date.parse(bucket.bucket), bucket]));
  return Array.from({ length: HOURS }, (_, i) => {
    const start = begin + i * HOUR;
    const { succeeded = 0, failed = 0, skipped = 0, cancelled = 0 } = found.get(start) ?? {};
    return { start: new Date(start), succeeded, failed, other: skipped + cancelled };
  });
}
