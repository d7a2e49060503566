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
  private abort: AbortController | undefined;
  private latest: ((signal: AbortSignal) => Promise<T>) | undefined;
  private readonly online = () => this.isOffline && this.again();

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get isOffline(): boolean {
    return this.problem instanceof Problem && this.problem.kind === 'offline';
  }

  /** Loads; keeps the value that is there until the new one arrives. */
  async run(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    this.latest = work;
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
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.online);
    this.abort?.abort();
  }

  private settle(value: T | undefined, problem: unknown): void {
    this.value = value;
    this.problem = problem;
    this.loading = false;
    this.host.requestUpdate();
  }
}
