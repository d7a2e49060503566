import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { session } from '../api';
import { Poll } from '../lib/poll';
import { percent, plural } from '../lib/format';
import { type Hour, lastDays, type ShortDay } from '../lib/stats';
import { base } from '../styles';

const FRESH = 50_000;
/** As many as the service counts in one call. */
const AT_ONCE = 100;

const known = new Map<string, { at: number; day: Promise<ShortDay | undefined> }>();
let wanted: Array<{ id: string; found: (day: ShortDay | undefined) => void }> = [];

session.addEventListener('switch', () => known.clear());

/** What comes into view together is asked for together. */
function dayOf(id: string): Promise<ShortDay | undefined> {
  const cached = known.get(id);
  if (cached && Date.now() - cached.at < FRESH) return cached.day;
  const day = new Promise<ShortDay | undefined>((found) => {
    if (wanted.length === 0) window.setTimeout(() => void ask(wanted.splice(0)));
    wanted.push({ id, found });
  });
  known.set(id, { at: Date.now(), day });
  return day;
}

async function ask(all: typeof wanted): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const some = all.slice(i, i + AT_ONCE);
    const days = await lastDays(some.map(({ id }) => id)).catch(() => null);
    for (const { id, found } of some) {
      if (!days) known.delete(id);
      found(days?.get(id));
    }
  }
}

/** The last 24 hours of one connection, loaded when it comes into view. */
@customElement('fy-spark')
export class Spark extends LitElement {
  @property() connection = '';
  @state() private stats: ShortDay | undefined;
  private watcher: IntersectionObserver | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        align-self: center;
        gap: var(--gap-3);
        min-height: 1.75rem;
      }
      .ok {
        fill: var(--ok-fill);
      }
      .bad {
        fill: var(--bad-fill);
      }
      .none {
        fill: var(--border);
      }
      span {
        min-width: 3rem;
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 60_000, () => this.stats && void this.load());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('connection') || changed.get('connection') === undefined) return;
    this.stats = undefined;
    this.watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher?.disconnect();
  }

  override render() {
    if (!this.stats) return nothing;
    const {
      totals: { succeeded, failed },
      hours,
    } = this.stats;
    const fired = succeeded + failed;
    const words = fired
      ? `${plural(succeeded, 'delivered', 'delivered')}, ${failed} failed in the last 24 hours`
      : 'Nothing fired in the last 24 hours';
    return html`
      <svg width="96" height="24" viewBox="0 0 96 24" role="img" aria-label=${words}>
        <title>${words}</title>
        ${bars(hours)}
      </svg>
      <span class="number small ${fired ? '' : 'muted'}" aria-hidden="true">${percent(succeeded, fired)}</span>
    `;
  }

  private watch(): void {
    this.watcher?.disconnect();
    this.watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watcher?.disconnect();
      void this.load();
    });
    this.watcher.observe(this);
  }

  private async load(): Promise<void> {
    const id = this.connection;
    const stats = await dayOf(id);
    if (id === this.connection) this.stats = stats;
  }
}

function bars(hours: Hour[]) {
  const most = Math.max(1, ...hours.map((hour) => hour.succeeded + hour.failed));
  const tall = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * 22));
  return hours.map((hour, i) => {
    const bad = tall(hour.failed);
    const ok = Math.min(tall(hour.succeeded), 22 - bad);
    const none = bad + ok === 0;
    return svg`
      ${none ? svg`<rect class="none" x=${i * 4} y="22" width="3" height="1"></rect>` : nothing}
      <rect class="ok" x=${i * 4} y=${23 - bad - ok} width="3" height=${ok}></rect>
      <rect class="bad" x=${i * 4} y=${23 - bad} width="3" height=${bad}></rect>`;
  });
}
