import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, type Provider, type Run, say, session, type TestResult } from '../api';
import { forget, providers, remember } from '../api/directory';
import type { Answer } from '../api/client';
import { Load } from '../lib/load';
import { Poll } from '../lib/poll';
import { href } from '../lib/route';
import { certificateEndsIn, health, holds } from '../lib/words';
import '../parts/chip';
import '../parts/copy';
import '../parts/spark';
import { fact } from '../parts/fact';
import { live } from '../parts/live';
import { provider } from '../parts/provider';
import { unless } from '../parts/states';
import { time } from '../parts/time';
import { toast } from '../parts/toasts';
import { base, buttons, facts, lists, liveDot, tables } from '../styles';
import './connection-delete';
import './connection-dialog';
import { type SettingField, SETTINGS } from './connection-form';
import { runTable } from './run-table';
import './test-result';

/** One connection: how it is, what can be done with it, and what it fired last. */
@customElement('fy-connection')
export class ConnectionView extends LitElement {
  @property() connectionId = '';
  @state() private dialog: '' | 'edit' | 'delete' = '';
  @state() private busy = '';
  @state() private tested: TestResult | null = null;
  /** Which test is the last one; an answer to an earlier one is about what was there before. */
  private tests = 0;
  private readonly stored = new Load<Answer<Connection>>(this);
  private readonly recent = new Load<Run[]>(this);
  private readonly known = new Load<Provider[]>(this);

  static override styles = [
    base,
    buttons,
    tables,
    facts,
    lists,
    liveDot,
    css`
      .runs > .row {
        padding: var(--gap-3) var(--gap-4);
        border-bottom: 1px solid var(--border);
      }
      .runs > p {
        padding: var(--gap-4);
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 10_000, () => this.refresh());
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('connectionId')) this.load();
  }

  protected override updated(): void {
    const name = this.stored.value?.data.connection_name;
    if (name) this.dispatchEvent(new CustomEvent('fy-title', { detail: name, bubbles: true, composed: true }));
  }

  override render() {
    return html`
      <div class="stack">
        <p class="small"><a href=${href('connections')}>Connections</a></p>
        ${this.stored.value ? nothing : html`<h1>Connection</h1>`}
        ${unless(this.stored, ({ data }) => this.shown(data))}
      </div>
    `;
  }

  private shown(connection: Connection): TemplateResult {
    return html`
      <div class="row spread">
        <div class="row">
          <h1 class="break">${connection.connection_name}</h1>
          <fy-chip status=${holds(connection) ? 'holding' : health(connection)}></fy-chip>
          ${live(this.stored)}
        </div>
        ${session.mayManage ? this.actions(connection) : nothing}
      </div>
      ${this.hint(connection)} ${certificate(connection)} ${this.tested ? html`<fy-test-result .result=${this.tested} .provider=${connection.provider}></fy-test-result>` : nothing}
      ${details(connection)} ${this.runs(connection)}
      <fy-connection-dialog
        .open=${this.dialog === 'edit'}
        .providers=${this.known.value ?? []}
        .problem=${this.known.problem}
        .connection=${connection}
        .etag=${this.stored.value!.etag}
        @dismiss=${() => (this.dialog = '')}
        @saved=${this.saved}
      ></fy-connection-dialog>
      <fy-connection-delete
        .open=${this.dialog === 'delete'}
        .connection=${connection}
        @dismiss=${() => (this.dialog = '')}
      ></fy-connection-delete>
    `;
  }

  private actions(connection: Connection): TemplateResult {
    const paused = connection.status === 'paused';
    const busy = this.busy === '' ? 'false' : 'true';
    return html`
      <div class="row">
        <button class="primary" aria-disabled=${busy} @click=${this.test}>
          ${this.busy === 'test' ? 'Testing…' : 'Test connection'}
        </button>
        <button @click=${() => (this.dialog = 'edit')}>Edit</button>
        <button aria-disabled=${busy} @click=${() => this.setStatus(paused ? 'active' : 'paused')}>
          ${paused ? 'Resume' : 'Pause'}
        </button>
        <button class="danger" @click=${() => (this.dialog = 'delete')}>Delete</button>
      </div>
    `;
  }

  private hint(connection: Connection): TemplateResult | typeof nothing {
    const hints: Record<string, string> = {
      paused: `Paused: ${untilResumed(connection)} ${whyPaused(connection)}`,
      unreadable:
        'The stored credential was sealed with a key that the service no longer has. Bring the key back, or replace the credentials.',
      failing:
        'The last delivery failed. Look at it below; testing the connection tells whether the credential still works.',
    };
    const text = hints[health(connection)];
    return text
      ? html`<fy-notice tone=${health(connection) === 'paused' ? 'idle' : 'warn'}>${text}</fy-notice>`
      : nothing;
  }

  private runs(connection: Connection): TemplateResult {
    return html`
      <section class="card flat runs" aria-labelledby="recent">
        <div class="row spread">
          <h2 id="recent">Last deliveries</h2>
          <a href=${href('deliveries', null, { connection_id: connection.id })}>All deliveries</a>
        </div>
        ${unless(this.recent, (runs) =>
          runs.length ? runTable(runs, 'Last deliveries') : html`<p class="muted">Nothing was fired yet.</p>`,
        )}
      </section>
    `;
  }

  private load(): void {
    const id = encodeURIComponent(this.connectionId);
    this.tested = null;
    this.tests++;
    void this.known.run(() => providers());
    void this.stored.run(async (signal) => {
      const answer = await api.call<Connection>('GET', `/connections/${id}`, { signal });
      remember([answer.data]);
      return answer;
    });
    void this.recent.run((signal) =>
      api.get<Run[]>('/action-runs', { connection_id: this.connectionId, limit: 10 }, signal),
    );
  }

  /** Not while something is being changed here, whose answer is newer. */
  private refresh(): void {
    if (this.busy || this.dialog) return;
    void this.stored.refresh();
    void this.recent.refresh();
  }

  private test(): Promise<void> {
    return this.during('test', async () => {
      this.tested = null;
      const test = ++this.tests;
      const result = await api.post<TestResult>(`/connections/${this.connectionId}/test`);
      if (test === this.tests) this.tested = result;
    });
  }

  private setStatus(status: 'active' | 'paused'): Promise<void> {
    return this.during('status', async () => {
      const answer = await api.call<Connection>('PATCH', `/connections/${this.connectionId}`, { body: { status } });
      this.stored.set(answer);
      toast(status === 'paused' ? 'Paused. Nothing is sent through it until you resume it.' : 'Resumed.');
    });
  }

  private async during(what: string, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    try {
      await work();
    } catch (thrown) {
      toast(say(thrown), 'bad');
    } finally {
      this.busy = '';
    }
  }

  private saved(): void {
    this.dialog = '';
    forget(this.connectionId);
    this.load();
    toast('Saved.');
  }
}

/** What becomes of what is fired at a paused connection. */
function untilResumed({ settings }: Connection): string {
  return settings?.when_paused === 'hold'
    ? `it holds what workflows fire, and sends it in order once it is resumed. What has waited for ${settings.hold_hours ?? 24} hours fails.`
    : 'workflows that fire it fail with “connection paused” until it is resumed.';
}

/** A person pauses it, or the service does. */
function whyPaused({ settings, last_outcome: outcome }: Connection): string {
  const limit = settings?.pause_after_failures;
  if (outcome !== 'failure') return 'It was paused manually.';
  return limit
    ? `It pauses itself after ${limit} failures in a row, or when a receiver answers 410 (gone); its last delivery failed.`
    : 'It was paused manually, or the receiver answered 410 (gone): its last delivery failed.';
}

/** Nothing reaches a provider through a paused connection, and what was not sent is no firing. */
function notFired({ status }: Connection): string {
  return status === 'paused' ? 'Nothing was sent' : 'Never';
}

function shownSetting(value: unknown, options: SettingField['options']): string {
  return options?.find(([name]) => name === value)?.[1] ?? String(value);
}

function certificate(connection: Connection): TemplateResult | typeof nothing {
  const days = certificateEndsIn(connection);
  if (days === null) return nothing;
  return html`<fy-notice tone="warn">
    Its client certificate ${days > 0 ? 'ends' : 'ended'} ${time(connection.certificate_expires_at)}. Replace the credentials
    ${days > 0 ? 'before that' : 'now'}: receivers refuse one that has ended.
  </fy-notice>`;
}

function details(connection: Connection): TemplateResult {
  const settings = SETTINGS.filter(
    ({ name }) => connection.settings?.[name] !== undefined && connection.settings[name] !== null,
  );
  return html`
    <div class="card">
      <dl>
        ${fact('Provider', provider(connection.provider))} ${fact('Last fired', time(connection.last_fired_at, notFired(connection)))}
        ${fact('Last 24 hours', html`<fy-spark .connection=${connection.id}></fy-spark>`)}
        ${fact('Created', html`${time(connection.created_at)}${connection.created_by ? html` <span class="muted break">by ${connection.created_by}</span>` : nothing}`)}
        ${fact('Changed', time(connection.updated_at))} ${fact('Credentials', 'Stored, never shown')}
        ${settings.map(({ name, label, options }) => fact(label, shownSetting(connection.settings![name], options)))}
        ${fact('Id for workflows', html`<span class="row"><code class="break">${connection.id}</code><fy-copy .text=${connection.id} label="Copy id"></fy-copy></span>`, true)}
      </dl>
    </div>
  `;
}
