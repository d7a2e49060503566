import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Does something every few seconds while its host is on the page and the page is looked at. */
export class Poll implements ReactiveController {
  private timer: number | undefined;

  constructor(
    host: ReactiveControllerHost,
    private readonly milliseconds: number,
    private readonly work: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.timer = window.setInterval(this.tick, this.milliseconds);
    window.addEventListener('online', this.tick);
    document.addEventListener('visibilitychange', this.tick);
  }

  hostDisconnected(): void {
    window.clearInterval(this.timer);
    window.removeEventListener('online', this.tick);
    document.removeEventListener('visibilitychange', this.tick);
  }

  private readonly tick = () => {
    if (!document.hidden && navigator.onLine) this.work();
  };
}
