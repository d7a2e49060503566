import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { until } from 'lit/directives/until.js';
import { api, session, type UsageRow } from '../api';
import { connectionName } from '../api/directory';
import { count, millis, percent } from '../lib/format';
import { Load } from '../lib/load';
import { Poll } from '../lib/poll';
import { href } from '../lib/route';
import { type Day, lastDay } from '../lib/stats';
import '../parts/hours-chart';
import { live } from '../parts/live';
import { provider } from '../parts/provider';
import { empty, unless } from '../parts/states';
import { base, buttons, lists, liveDot, tables } from '../styles';

/** How the last 24 hours went, and what the month will cost. */
@customElement('fy-overview')
export class Overview extends LitElement {
  private readonly stats = new Load<Day>(this);
  private readonly usage = new Load<UsageRow[]>(this);

  static override styles = [
    base,
    buttons,
    tables,
    lists,
    liveDot,
    css`
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
        gap: var(--gap-3);
      }
      .tiles dt {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .tiles dd {
        font-size: var(--text-xl);
        font-weight: 650;
        font-variant-numeric: tabular-nums;
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
        gap: var(--gap-4);
        align-items: start;
      }
      .flat > h2,
      .flat > p,
      .flat > fy-notice {
        padding: var(--gap-4);
      }
      .flat > h2 + p {
        padding-top: 0;
      }
      svg {
        width: 100%;
        height: 0.5rem;
        min-width: 4rem;
        border-radius: 99px;
        background: var(--surface-2);
      }
      rect {
        fill: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 30_000, () => {
      void this.stats.refresh();
      void this.usage.refresh();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.stats.run((signal) => lastDay(signal));
    if (session.mayManage) void this.usage.run((signal) => api.get<UsageRow[]>('/usage', monthSoFar(), signal));
  }

  override render() {
    return html`
      <div class="stack">
        <div class="row">
          <h1>Overview</h1>
          ${live(this.stats)}
        </div>
        ${unless(this.stats, (stats) => (isEmpty(stats) ? nothingYet() : html`${tiles(stats)} ${chart(stats)}`))}
        ${this.stats.value || this.stats.problem ? this.below() : nothing}
      </div>
    `;
  }

  /** Not before what is above it has its place, so that nothing jumps. */
  private below(): TemplateResult {
    return html`<div class="two">
      ${this.stats.value && !isEmpty(this.stats.value) ? failing(this.stats.value) : nothing} ${session.mayManage ? this.month() : nothing}
    </div>`;
  }

  private month(): TemplateResult {
    return html`
      <section class="card flat" aria-labelledby="month">
        <h2 id="month">This month, to be billed</h2>
        ${unless(this.usage, (rows) => usageTable(rows))}
      </section>
    `;
  }
}

function monthSoFar(now = new Date()): Record<string, string> {
  const begin = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  return { since: begin.toISOString(), bucket: 'month', group_by: 'provider' };
}

function isEmpty({ totals }: Day): boolean {
  return totals.succeeded + totals.failed + totals.skipped + totals.cancelled === 0;
}

function nothingYet(): TemplateResult {
  return empty(
    'Nothing was fired in the last 24 hours',
    'As soon as a workflow fires a connection, its deliveries are counted here.',
    html`<a class="button" href=${href('deliveries')}>Look at earlier deliveries</a>`,
  );
}

function tiles({ totals, p50_ms, p95_ms }: Day): TemplateResult {
  const fired = totals.succeeded + totals.failed;
  return html`
    <dl class="tiles">
      ${tile('Deliveries in 24 hours', count(fired))} ${tile('Delivered', percent(totals.succeeded, fired))}
      ${tile('Failed', count(totals.failed))} ${tile('Median duration (p50)', millis(p50_ms))}
      ${tile('95% are faster than (p95)', millis(p95_ms))}
    </dl>
  `;
}

function tile(name: string, value: string): TemplateResult {
  return html`<div class="card">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function chart(stats: Day): TemplateResult {
  return html`<section class="card stack" aria-labelledby="hours">
    <h2 id="hours">Deliveries per hour</h2>
    <fy-hours-chart .hours=${stats.hours}></fy-hours-chart>
  </section>`;
}

function failing({ failing: worst }: Day): TemplateResult {
  return html`
    <section class="card flat" aria-labelledby="failing">
      <h2 id="failing">Failing most</h2>
      ${worst.length ? failingTable(worst.slice(0, 5)) : html`<p class="muted">No connection failed in the last 24 hours.</p>`}
    </section>
  `;
}

function failingTable(worst: Day['failing']): TemplateResult {
  return html`
    <table aria-labelledby="failing">
      <thead>
        <tr>
          <th scope="col">Connection</th>
          <th scope="col" class="end">Failed</th>
          <th scope="col" class="end">Share</th>
        </tr>
      </thead>
      <tbody>
        ${worst.map(
          ({ connection_id: id, failed, succeeded }) =>
            html`<tr>
              <th scope="row">
                <a class="break" href=${href('deliveries', null, { connection_id: id, status: 'failed', time: '24h' })}
                  >${until(connectionName(id), '…')}</a
                >
              </th>
              <td class="end number">${count(failed)}</td>
              <td class="end number">${percent(failed, failed + succeeded)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  `;
}

function usageTable(rows: UsageRow[]): TemplateResult {
  const sums = new Map<string, number>();
  for (const { provider, count } of rows) sums.set(provider ?? '', (sums.get(provider ?? '') ?? 0) + count);
  const total = [...sums.values()].reduce((sum, part) => sum + part, 0);
  if (total === 0) return html`<p class="muted">Nothing was fired this month.</p>`;
  const most = Math.max(...sums.values());
  return html`
    <table aria-labelledby="month">
      <thead>
        <tr>
          <th scope="col">Provider</th>
          <th scope="col"><span class="visually-hidden">Share as a bar</span></th>
          <th scope="col" class="end">Webhooks</th>
        </tr>
      </thead>
      <tbody>
        ${[...sums].sort(([, a], [, b]) => b - a).map(([name, sum]) => usageRow(name, sum, most))}
        <tr>
          <th scope="row">Together</th>
          <td></td>
          <td class="end number"><strong>${count(total)}</strong></td>
        </tr>
      </tbody>
    </table>
  `;
}

function usageRow(name: string, sum: number, most: number): TemplateResult {
  return html`<tr>
    <th scope="row">${provider(name)}</th>
    <td>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width=${(100 * sum) / most} height="8"></rect>
      </svg>
    </td>
    <td class="end number">${count(sum)}</td>
  </tr>`;
}
