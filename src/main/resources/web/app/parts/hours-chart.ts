import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { compact, count, hour, plural } from '../lib/format';
import { local } from '../lib/moments';
import { href } from '../lib/route';
import type { Hour } from '../lib/stats';
import { base } from '../styles';

const HEIGHT = 220;
/** Room for numbers such as 120K, in widths of the page's letters. */
const LEFT_REM = 2.9;
const BOTTOM = 24;
const TOP = 8;
const SERIES = [
  ['failed', 'Failed'],
  ['other', 'Skipped or cancelled'],
  ['succeeded', 'Delivered'],
] as const;

/** Deliveries per hour, stacked by outcome; the same numbers as a table are one step away. */
@customElement('fy-hours-chart')
export class HoursChart extends LitElement {
  @property({ attribute: false }) hours: Hour[] = [];
  /** In pixels, so that the letters keep their size on every page. */
  @state() private width = 0;
  private left = 0;
  private readonly watcher = new ResizeObserver(([entry]) => {
    this.left = LEFT_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.width = Math.floor(entry.contentRect.width);
  });

  static override styles = [
    base,
    css`
      svg {
        display: block;
        max-width: 100%;
      }
      text {
        fill: var(--muted);
        font-size: 0.75rem;
      }
      line {
        stroke: var(--border);
      }
      .succeeded {
        fill: var(--ok-fill);
        background: var(--ok-fill);
      }
      .failed {
        fill: var(--bad-fill);
        background: var(--bad-fill);
      }
      .other {
        fill: var(--idle-fill);
        background: var(--idle-fill);
      }
      .hit {
        fill: transparent;
      }
      .hour:hover .hit {
        fill: var(--surface-2);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-1) var(--gap-4);
        font-size: var(--text-s);
        margin-bottom: var(--gap-3);
      }
      .legend i {
        display: inline-block;
        width: 0.75rem;
        height: 0.75rem;
        margin-inline-end: 0.4rem;
        border-radius: 2px;
      }
      summary {
        cursor: pointer;
        color: var(--accent);
        font-size: var(--text-s);
        margin-top: var(--gap-2);
      }
      .scroll {
        max-height: 20rem;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: var(--gap-1) var(--gap-2);
        text-align: end;
        border-bottom: 1px solid var(--border);
      }
      th:first-child {
        text-align: start;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  override render() {
    const total = this.hours.reduce((sum, { succeeded, failed, other }) => sum + succeeded + failed + other, 0);
    return html`
      <figure>
        <figcaption class="visually-hidden">
          Deliveries per hour by outcome, ${count(total)} in all; the table below has the numbers
        </figcaption>
        <ul class="legend" role="list">
          ${[...SERIES].reverse().map(([name, label]) => html`<li><i class=${name}></i>${label}</li>`)}
        </ul>
        <svg
          width=${this.width}
          height=${HEIGHT}
          aria-hidden="true"
        >
          ${this.width ? [this.scale(), this.hours.map((item, i) => this.bar(item, i))] : nothing}
        </svg>
        <details>
          <summary>Show as a table</summary>
          <div class="scroll" tabindex="0" role="group" aria-label="Deliveries per hour">${this.table()}</div>
        </details>
      </figure>
    `;
  }

  private get most(): number {
    return niceCeiling(Math.max(4, ...this.hours.map(({ succeeded, failed, other }) => succeeded + failed + other)));
  }

  private scale() {
    const most = this.most;
    return [0, 0.5, 1].map((share) => {
      const y = TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
      return svg`<line x1=${this.left} x2=${this.width} y1=${y} y2=${y}></line>
        <text x=${this.left - 6} y=${y + 4} text-anchor="end">${compact(most * share)}</text>`;
    });
  }

  private bar(item: Hour, i: number) {
    const step = (this.width - this.left) / this.hours.length;
    const x = this.left + i * step + step * 0.12;
    const unit = (HEIGHT - TOP - BOTTOM) / this.most;
    let y = HEIGHT - BOTTOM;
    const parts = SERIES.map(([name]) => {
      const tall = item[name] * unit;
      y -= tall;
      return tall ? svg`<rect class=${name} x=${x} y=${y} width=${step * 0.76} height=${tall}></rect>` : nothing;
    });
    const label =
      i % (this.width < 480 ? 8 : 4) === 0 ? svg`<text x=${x} y=${HEIGHT - 6}>${hour(item.start)}</text>` : nothing;
    // For the mouse only; the table has the same links for all users.
    return svg`<a class="hour" tabindex="-1" href=${deliveriesOf(item)}>
        <title>${describe(item)}</title>
        <rect class="hit" x=${this.left + i * step} y=${TOP} width=${step} height=${HEIGHT - TOP - BOTTOM}></rect>
        ${parts}
      </a>${label}`;
  }

  private table() {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">Hour from</th>
            ${[...SERIES].reverse().map(([, label]) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.hours.map(
            (item) =>
              html`<tr>
                <th scope="row"><a href=${deliveriesOf(item)}>${hour(item.start)}</a></th>
                ${[...SERIES].reverse().map(([name]) => html`<td>${count(item[name])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

const HOUR = 3_600_000;

/** What was fired in an hour; what was decided later than it was fired is in a later hour's bar. */
function deliveriesOf({ start }: Hour): string {
  const end = new Date(start.getTime() + HOUR);
  return href('deliveries', null, { time: 'custom', from: local(start), to: local(end) });
}

function describe({ start, succeeded, failed, other }: Hour): string {
  const words = [`${count(succeeded)} delivered`, `${count(failed)} failed`];
  if (other) words.push(plural(other, 'skipped or cancelled', 'skipped or cancelled'));
  return `From ${hour(start)}: ${words.join(', ')}`;
}

/** The next round number whose half is a whole number. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((step) => Math.round(step * power));
  return steps.find((step) => step >= value && step % 2 === 0) ?? 10 * power;
}
