import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Problem } from '../api';

/**
 * Something a view loads: its value, whether it is loading, and what went wrong. The latest call wins, leaving the
 * page aborts it, and what failed for want of a network is loaded again when the network is back.
 */
export class Load<T> implements ReactiveController {
  value: T | undefined;
  problem: unknown;
  loading = false;
  /** When the value was the service's own. */
  at: Date | undefined;
  /** Whether the last attempt to renew the value has failed. */
  stale = false;
  private refreshing = false;
  private abort: AbortController | undefined;
  private latest: ((signal: AbortSignal) => Promise<T>) | undefined;
  private readonly online = () => (this.isOffline ? this.again() : this.host.requestUpdate());
  private readonly offline = () => this.host.requestUpdate();

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get isOffline(): boolean {
    return this.problem instanceof Problem && this.problem.kind === 'offline';
  }

  /** Loads; keeps the value that is there until the new one arrives. */
  run(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.latest = work;
    return this.extend(work);
  }

  /** Loads once, such as more of a list: renewing it later begins as the last `run` did. */
  async extend(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    this.loading = true;
    this.host.requestUpdate();
    try {
      const value = await work(abort.signal);
      if (!abort.signal.aborted) this.settle(value, undefined);
    } catch (thrown) {
      if (!abort.signal.aborted) this.settle(this.value, thrown);
    }
  }

  again(): void {
    if (this.latest) void this.run(this.latest);
  }

  /** The same again, quietly: the value on the page stays until there is a newer one, also when there is none. */
  async refresh(): Promise<void> {
    const { latest, abort } = this;
    if (!latest || !abort || this.value === undefined || this.loading || this.refreshing) return;
    this.refreshing = true;
    try {
      const value = await latest(abort.signal);
      if (abort === this.abort && !abort.signal.aborted && !this.loading) this.settle(value, undefined);
    } catch {
      if (abort === this.abort && !abort.signal.aborted) this.stale = true;
      this.host.requestUpdate();
    } finally {
      this.refreshing = false;
    }
  }

  set(value: T): void {
    this.value = value;
    this.host.requestUpdate();
  }

  clear(): void {
    this.abort?.abort();
    this.settle(undefined, undefined);
  }

  hostConnected(): void {
    window.addEventListener('online', this.online);
    window.addEventListener('offline', this.offline);
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.online);
    window.removeEventListener('offline', this.offline);
    this.abort?.abort();
  }

  private settle(value: T | undefined, problem: unknown): void {
    this.value = value;
    this.problem = problem;
    this.loading = false;
    this.stale = problem !== undefined;
    if (!problem && value !== undefined) this.at = new Date();
    this.host.requestUpdate();
  }
}
