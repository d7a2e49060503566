import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type Connection, session } from '../api';
import { providers, remember } from '../api/directory';
import { debounce } from '../lib/debounce';
import { count } from '../lib/format';
import { Load } from '../lib/load';
import { firstPage, type Paged, readOn } from '../lib/paged';
import { go, href, rewrite } from '../lib/route';
import { Poll } from '../lib/poll';
import { certificateEndsIn, health, holds } from '../lib/words';
import '../parts/chip';
import { field } from '../parts/field';
import { icon } from '../parts/icon';
import { live } from '../parts/live';
import '../parts/pager';
import { provider } from '../parts/provider';
import '../parts/spark';
import { empty, unless } from '../parts/states';
import { time } from '../parts/time';
import type { Provider } from '../api';
import { base, buttons, controls, lists, liveDot, tables } from '../styles';
import './connection-dialog';

const SIZE = 25;
const HEALTHS: ReadonlyArray<[string, string]> = [
  ['', 'Any status'],
  ['active', 'Active or failing'],
  ['failing', 'Failing'],
  ['paused', 'Paused'],
  ['unreadable', 'Unreadable'],
];

/** The tenant's connections, searched and filtered. */
@customElement('fy-connections')
export class Connections extends LitElement {
  @property({ attribute: false }) params = new URLSearchParams();
  @state() private search = '';
  @state() private provider = '';
  @state() private health = '';
  @state() private page = 0;
  @state() private creating = false;
  private readonly list = new Load<Paged<Connection>>(this);
  private readonly known = new Load<Provider[]>(this);
  /** Wherever in the list they are: a user who comes because messages stopped should see them first. */
  private readonly failing = new Load<Paged<Connection>>(this);
  private readonly filterLater = debounce(() => this.load());

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
        grid-template-columns: minmax(0, 2fr) repeat(2, minmax(0, 1fr));
        gap: var(--gap-3);
      }
      th a {
        overflow-wrap: anywhere;
      }
      .warn {
        color: var(--warn);
        font-weight: 550;
      }
      .alarm {
        display: inline-flex;
        align-items: center;
        gap: var(--gap-1);
        color: var(--bad);
        font-weight: 600;
      }
      @media (max-width: 40rem) {
        .filters {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .filters > :first-child {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 15_000, () => this.page === 0 && void this.list.refresh());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.known.run(() => providers());
  }

  /** Follows the address, also when a link changes only the filter. */
  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('params')) return;
    this.search = this.params.get('search') ?? '';
    this.provider = this.params.get('provider') ?? '';
    const health = this.params.get('status') ?? '';
    this.health = HEALTHS.some(([name]) => name === health) ? health : '';
    this.load();
  }

  override render() {
    return html`
      <div class="stack">
        <div class="row spread">
          <div class="row">
            <h1>Connections</h1>
            ${this.page === 0 ? live(this.list) : nothing} ${this.alarm()}
          </div>
          ${
            session.mayManage
              ? html`<button class="primary" @click=${() => (this.creating = true)}>
                  ${icon('plus')}New connection
                </button>`
              : nothing
          }
        </div>
        ${this.filters()} ${unless(this.list, (list) => this.found(list))}
      </div>
      <fy-connection-dialog
        .open=${this.creating}
        .providers=${this.known.value ?? []}
        .problem=${this.known.problem}
        @dismiss=${() => (this.creating = false)}
        @saved=${this.saved}
      ></fy-connection-dialog>
    `;
  }

  private alarm(): TemplateResult | typeof nothing {
    const { items = [], next = null } = this.failing.value ?? {};
    if (this.health || items.length === 0) return nothing;
    return html`<a class="small alarm" href=${href('connections', null, { status: 'failing' })}>
      ${icon('warn', 14)} ${count(items.length)}${next ? '+' : ''} failing
    </a>`;
  }

  private filters(): TemplateResult {
    const choices: Array<[string, string]> = (this.known.value ?? []).map(({ name, title }) => [name, title]);
    return html`
      <search class="filters" aria-label="Filter connections">
        ${field({
          id: 'search',
          label: 'Search',
          type: 'search',
          placeholder: 'Name or id',
          value: this.search,
          input: (text) => {
            this.search = text;
            this.filterLater();
          },
        })}
        ${field({
          id: 'provider',
          label: 'Provider',
          value: this.provider,
          options: [['', 'Any provider'], ...choices],
          input: (value) => {
            this.provider = value;
            this.load();
          },
        })}
        ${field({
          id: 'status',
          label: 'Status',
          value: this.health,
          options: HEALTHS,
          input: (value) => {
            this.health = value;
            this.load();
          },
        })}
      </search>
    `;
  }

  private found(list: Paged<Connection>): TemplateResult {
    if (list.items.length === 0) return this.nothingFound();
    const shown = list.items.slice(this.page * SIZE, (this.page + 1) * SIZE);
    return html`
      <div class="card flat" aria-busy=${this.list.loading ? 'true' : 'false'}>
        <div class="table-box">
          <table class="cards" role="table" aria-label="Connections">
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader" scope="col">Name</th>
                <th role="columnheader" scope="col">Provider</th>
                <th role="columnheader" scope="col">Status</th>
                <th role="columnheader" scope="col">Last fired</th>
                <th role="columnheader" scope="col">Last 24 hours</th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              ${repeat(shown, ({ id }) => id, row)}
            </tbody>
          </table>
        </div>
        <fy-pager
          .page=${this.page}
          .size=${SIZE}
          .known=${list.items.length}
          .more=${list.next !== null}
          .busy=${this.list.loading}
          of="connections"
          @turn=${this.turn}
        ></fy-pager>
      </div>
    `;
  }

  private nothingFound(): TemplateResult {
    if (this.health || this.provider || this.search.trim()) {
      return empty(
        'No connection matches',
        'Try a part of the name, or look under every provider and status.',
        html`<button @click=${this.reset}>Clear the filters</button>`,
      );
    }
    return empty(
      'No connections yet',
      'A connection holds a credential for Twilio, SendGrid or your own webhook. Workflows fire it when a job changes state.',
      session.mayManage
        ? html`<button class="primary" @click=${() => (this.creating = true)}>Connect the first provider</button>`
        : html`<p>Ask an administrator to create one.</p>`,
    );
  }

  private load(): void {
    this.page = 0;
    const filter = { search: this.search.trim(), provider: this.provider, status: this.health };
    rewrite(href('connections', null, filter));
    const query = { provider: filter.provider, q: filter.search, status: filter.status };
    void this.list
      .run(async (signal) => remembered(await firstPage<Connection>('/connections', query, signal)))
      .then(() => this.lookForFailing());
  }

  /** After the list, which should not wait for it, and once. */
  private async lookForFailing(): Promise<void> {
    if (this.failing.value || this.failing.loading) return;
    await this.failing.run((signal) => firstPage<Connection>('/connections', { status: 'failing' }, signal));
  }

  private async turn(event: CustomEvent<number>): Promise<void> {
    this.page = event.detail;
    const list = this.list.value!;
    const enough = ({ items }: Paged<Connection>) => items.length > (this.page + 1) * SIZE;
    if (list.next && !enough(list))
      await this.list.extend(async (signal) => remembered(await readOn(list, enough, signal)));
    await this.updateComplete;
    this.renderRoot.querySelector('.card')?.scrollIntoView({ block: 'start' });
  }

  private reset(): void {
    this.search = '';
    this.health = '';
    this.provider = '';
    this.load();
    this.renderRoot.querySelector<HTMLElement>('#search')?.focus();
  }

  private saved(event: CustomEvent<Connection>): void {
    this.creating = false;
    go(href('connections', event.detail.id));
  }
}

function remembered(list: Paged<Connection>): Paged<Connection> {
  remember(list.items);
  return list;
}

function certificate(connection: Connection): TemplateResult | typeof nothing {
  const days = certificateEndsIn(connection);
  if (days === null) return nothing;
  const ends = days > 0 ? `Certificate ends in ${count(days)} ${days === 1 ? 'day' : 'days'}` : 'Certificate has ended';
  return html`<p class="small warn">${ends}</p>`;
}

function row(connection: Connection): TemplateResult {
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href=${href('connections', connection.id)}>${connection.connection_name}</a>
      </th>
      <td role="cell" data-label="Provider">${provider(connection.provider)}</td>
      <td role="cell" data-label="Status"><fy-chip status=${holds(connection) ? 'holding' : health(connection)}></fy-chip>${certificate(connection)}</td>
      <td role="cell" data-label="Last fired">${time(connection.last_fired_at)}</td>
      <td role="cell" data-label="Last 24 hours"><fy-spark .connection=${connection.id}></fy-spark></td>
    </tr>
  `;
}
