import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Run, session } from '../api';
import { connectionName } from '../api/directory';
import type { Query } from '../api/client';
import { debounce } from '../lib/debounce';
import { Load } from '../lib/load';
import { LATEST, span } from '../lib/moments';
import { firstPage, type Paged, readOn } from '../lib/paged';
import { Poll } from '../lib/poll';
import { href, rewrite } from '../lib/route';
import { since } from '../lib/stats';
import '../parts/connection-picker';
import { field } from '../parts/field';
import { live } from '../parts/live';
import '../parts/pager';
import { empty, unless } from '../parts/states';
import { base, buttons, controls, lists, liveDot, tables } from '../styles';
import './replay-dialog';
import { runTable } from './run-table';

const SIZE = 25;
const DAY = 86_400_000;
const STATUSES: ReadonlyArray<[string, string]> = [
  ['', 'Any status'],
  ['failed', 'Failed'],
  ['pending', 'Waiting'],
  ['running', 'Running'],
  ['succeeded', 'Delivered'],
  ['cancelled', 'Cancelled'],
];
const SPANS: ReadonlyArray<[string, string, number]> = [
  ['', 'Any time', 0],
  ['1h', 'Last hour', DAY / 24],
  ['24h', 'Last 24 hours', DAY],
  ['7d', 'Last 7 days', 7 * DAY],
  ['30d', 'Last 30 days', 30 * DAY],
  ['custom', 'From … to …', 0],
];
const NAMES = ['connection_id', 'job_id', 'status', 'time', 'from', 'to'] as const;
type Filter = Record<(typeof NAMES)[number], string>;

/** Runs, newest first and live, by connection, job, status and time. */
@customElement('fy-deliveries')
export class Deliveries extends LitElement {
  @property({ attribute: false }) params = new URLSearchParams();
  @state() private filter!: Filter;
  @state() private page = 0;
  @state() private replaying = false;
  @state() private through = '';
  private readonly list = new Load<Paged<Run>>(this);
  private readonly loadLater = debounce(() => this.load());

  static override styles = [
    base,
    buttons,
    controls,
    tables,
    lists,
    liveDot,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
        gap: var(--gap-3);
      }
      @media (min-width: 46rem) {
        .filters {
          grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr));
        }
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 5_000, () => this.refresh());
  }

  /** Follows the address, also when a link changes only the filter. */
  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('params')) return;
    this.filter = Object.fromEntries(NAMES.map((name) => [name, this.params.get(name) ?? ''])) as Filter;
    if (!STATUSES.some(([name]) => name === this.filter.status)) this.filter.status = '';
    if (!SPANS.some(([name]) => name === this.filter.time)) this.filter.time = '';
    this.load();
  }

  override render() {
    return html`
      <div class="stack">
        <div class="row spread">
          <div class="row">
            <h1>Deliveries</h1>
            ${this.page === 0 ? live(this.list) : nothing}
          </div>
          ${
            this.replayable
              ? html`<button @click=${() => (this.replaying = true)}>Replay what failed…</button>`
              : nothing
          }
        </div>
        ${this.filters()} ${this.wrong ? nothing : unless(this.list, (list) => this.found(list))}
      </div>
      <fy-replay-dialog
        .open=${this.replaying}
        .filter=${this.query()}
        .words=${this.words()}
        @dismiss=${() => (this.replaying = false)}
        @replayed=${() => this.load()}
      ></fy-replay-dialog>
    `;
  }

  /** Only what failed can be replayed, so a filter for anything else selects nothing to replay. */
  private get replayable(): boolean {
    return session.mayExecute && !this.wrong && ['', 'failed'].includes(this.filter.status);
  }

  private get wrong(): boolean {
    const { errors } = this.span();
    return Boolean(errors.from || errors.to);
  }

  private filters(): TemplateResult {
    const custom = this.filter.time === 'custom';
    return html`
      <search class="filters" aria-label="Filter deliveries">
        <fy-connection-picker
          .value=${this.filter.connection_id}
          placeholder="Any connection"
          @pick=${(event: CustomEvent<string>) => this.set('connection_id', event.detail)}
        ></fy-connection-picker>
        ${field({
          id: 'job_id',
          label: 'Job',
          type: 'search',
          placeholder: 'Whole job id',
          value: this.filter.job_id,
          input: (text) => {
            this.filter = { ...this.filter, job_id: text };
            this.loadLater();
          },
        })}
        ${this.choice('status', 'Status', STATUSES)}
        ${this.choice(
          'time',
          'Time',
          SPANS.map(([value, label]): [string, string] => [value, label]),
        )}
        ${custom ? [this.moment('from', 'From'), this.moment('to', 'To')] : nothing}
      </search>
    `;
  }

  private choice(name: keyof Filter, label: string, options: ReadonlyArray<[string, string]>): TemplateResult {
    return field({ id: name, label, value: this.filter[name], options, input: (value) => this.set(name, value) });
  }

  private moment(name: 'from' | 'to', label: string): TemplateResult {
    return field({
      id: name,
      label,
      type: 'datetime-local',
      max: LATEST,
      value: this.filter[name],
      error: this.span().errors[name],
      input: (value) => this.set(name, value),
    });
  }

  private found(list: Paged<Run>): TemplateResult {
    if (list.items.length === 0) {
      return NAMES.some((name) => this.filter[name])
        ? empty(
            'No delivery matches',
            'Widen the time, or clear the filters.',
            html`<button @click=${this.reset}>Clear the filters</button>`,
          )
        : empty('No deliveries yet', 'As soon as a workflow fires a connection, it shows here by itself.');
    }
    return html`
      <div class="card flat" aria-busy=${this.list.loading ? 'true' : 'false'}>
        ${runTable(list.items.slice(this.page * SIZE, (this.page + 1) * SIZE), 'Deliveries')}
        <fy-pager
          .page=${this.page}
          .size=${SIZE}
          .known=${list.items.length}
          .more=${list.next !== null}
          .busy=${this.list.loading}
          of="deliveries"
          @turn=${this.turn}
        ></fy-pager>
      </div>
    `;
  }

  private set(name: keyof Filter, value: string): void {
    this.filter = { ...this.filter, [name]: value };
    this.load();
  }

  private reset(): void {
    this.filter = Object.fromEntries(NAMES.map((name) => [name, ''])) as Filter;
    this.load();
    this.renderRoot.querySelector<HTMLElement>('fy-connection-picker')?.focus();
  }

  private query(): Query {
    const { connection_id, job_id, status, time } = this.filter;
    const length = SPANS.find(([name]) => name === time)?.[2];
    const custom = this.span();
    return {
      connection_id,
      job_id: job_id.trim(),
      status,
      since: length ? since(length) : custom.since,
      until: custom.until,
    };
  }

  private span() {
    const { time, from, to } = this.filter;
    return time === 'custom' ? span(from, to) : span('', '');
  }

  private words(): string {
    const span = SPANS.find(([name]) => name === this.filter.time)?.[1];
    const parts = [
      this.filter.connection_id && `through ${this.through}`,
      this.filter.job_id && `of job ${this.filter.job_id}`,
      this.filter.time === 'custom' ? 'of the chosen time' : this.filter.time && span?.toLowerCase(),
    ];
    return parts.filter(Boolean).join(', ');
  }

  private load(): void {
    this.page = 0;
    void this.nameConnection();
    const params = this.filter.time === 'custom' ? this.filter : { ...this.filter, from: '', to: '' };
    rewrite(href('deliveries', null, params));
    if (this.wrong) this.list.clear();
    else void this.list.run((signal) => firstPage<Run>('/action-runs', this.query(), signal));
  }

  /** The newest page again, quietly: what is new comes in at the top, what was under way changes in place. */
  private refresh(): void {
    if (this.page === 0) void this.list.refresh();
  }

  private async turn(event: CustomEvent<number>): Promise<void> {
    this.page = event.detail;
    const list = this.list.value!;
    const enough = ({ items }: Paged<Run>) => items.length > (this.page + 1) * SIZE;
    if (list.next && !enough(list)) await this.list.extend((signal) => readOn(list, enough, signal));
    await this.updateComplete;
    this.renderRoot.querySelector('.card')?.scrollIntoView({ block: 'start' });
  }

  /** The name of the connection that is filtered by, for the words of the replay dialog. */
  private async nameConnection(): Promise<void> {
    const id = this.filter.connection_id;
    this.through = id ? await connectionName(id) : '';
  }
}
