import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { until } from 'lit/directives/until.js';
import { type Action, api, type LogEvent, type Run, say } from '../api';
import { connectionName } from '../api/directory';
import { millis, plural } from '../lib/format';
import { Load } from '../lib/load';
import { firstPage, readOn } from '../lib/paged';
import { Poll } from '../lib/poll';
import { go, href } from '../lib/route';
import { adviceFor, providerSays, providerTitle } from '../lib/words';
import '../parts/chip';
import '../parts/copy';
import { unless } from '../parts/states';
import { time } from '../parts/time';
import { toast } from '../parts/toasts';
import { base, buttons } from '../styles';
import './attempt';
import './exact-request';

const UNFINISHED = ['pending', 'running'];
const EVENTS_AT_MOST = 500;

interface Delivery {
  run: Run;
  events: LogEvent[];
}

/** One run: its actions, and every attempt of each. */
@customElement('fy-delivery')
export class DeliveryView extends LitElement {
  @property() runId = '';
  @state() private busy = false;
  private readonly delivery = new Load<Delivery>(this);

  static override styles = [
    base,
    buttons,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr));
        gap: var(--gap-4);
      }
      dt {
        color: var(--muted);
        font-size: var(--text-s);
      }
      ol {
        display: grid;
        gap: var(--gap-3);
        border-inline-start: 2px solid var(--border);
        padding-inline-start: var(--gap-4);
      }
    `,
  ];

  constructor() {
    super();
    new Poll(this, 3_000, () => this.refresh());
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('runId')) return;
    this.delivery.clear();
    this.load();
  }

  override render() {
    return html`
      <div class="stack">
        <p class="small"><a href=${href('deliveries')}>Deliveries</a></p>
        ${this.delivery.value ? nothing : html`<h1>Delivery</h1>`}
        ${unless(this.delivery, (delivery) => this.shown(delivery))}
      </div>
    `;
  }

  private shown({ run, events }: Delivery): TemplateResult {
    return html`
      <div class="row spread">
        <div class="row">
          <h1 class="break">${run.job_id ?? 'Delivery'}</h1>
          <fy-chip status=${run.status}></fy-chip>
        </div>
        ${this.actions(run)}
      </div>
      <div class="card">
        <dl>
          ${fact('Fired', time(run.created_at))} ${fact('Finished', time(run.finished_at, 'Not yet'))}
          ${run.job_id ? fact('Job', html`<a class="break" href=${href('deliveries', null, { job_id: run.job_id })}>All of this job</a>`) : nothing}
          ${run.replay_of ? fact('Replay of', html`<a class="break" href=${href('deliveries', run.replay_of)}>the earlier run</a>`) : nothing}
          ${fact('Run', html`<code class="break">${run.id}</code>`)}
        </dl>
      </div>
      ${run.actions.map((action) =>
        this.action(
          action,
          events.filter((event) => event.action_index === action.index),
        ),
      )}
    `;
  }

  private actions(run: Run): TemplateResult {
    const unfinished = UNFINISHED.includes(run.status);
    const replayable = run.actions.some(({ status }) => status === 'failed' || status === 'skipped');
    return html`
      <div class="row">
        ${
          !unfinished && replayable
            ? html`<button class="primary" ?disabled=${this.busy} @click=${this.replay}>Replay what failed</button>`
            : nothing
        }
        ${
          unfinished
            ? html`<button class="danger" ?disabled=${this.busy} @click=${this.cancel}>Cancel what is not sent</button>`
            : nothing
        }
        <fy-copy .text=${location.href} label="Copy link"></fy-copy>
      </div>
    `;
  }

  private action(action: Action, events: LogEvent[]): TemplateResult {
    const id = `action-${action.index}`;
    return html`
      <section class="card stack" aria-labelledby=${id}>
        <div class="row spread">
          <div class="row">
            <h2 id=${id}>${action.index + 1}. ${providerTitle(action.provider)}</h2>
            <fy-chip status=${action.status}></fy-chip>
          </div>
          ${
            action.connection_id
              ? html`<a class="break" href=${href('connections', action.connection_id)}
                  >${until(connectionName(action.connection_id), 'Connection')}</a
                >`
              : nothing
          }
        </div>
        ${this.advice(action, events)}
        <p class="muted small">
          ${plural(action.attempts, 'attempt')}${action.response_status ? `, last answer HTTP ${action.response_status}` : ''}${
            action.duration_ms === null ? '' : ` in ${millis(action.duration_ms)}`
          }${action.next_attempt_at ? html`; next attempt ${time(action.next_attempt_at)}` : nothing}
        </p>
        ${
          events.length
            ? html`<ol role="list" aria-label="Attempts">
                ${events.map((event, i) => html`<li><fy-attempt .event=${event} .opened=${i === events.length - 1 && event.outcome === 'failure'}></fy-attempt></li>`)}
              </ol>`
            : nothing
        }
        <fy-exact-request .runId=${this.runId} .index=${action.index}></fy-exact-request>
      </section>
    `;
  }

  private advice(action: Action, events: LogEvent[]): TemplateResult | typeof nothing {
    if (!action.error) return nothing;
    const { what, next } = adviceFor(action.error.code, action.response_status);
    const last = events.filter(({ outcome }) => outcome === 'failure').pop();
    const said = last && providerSays(last);
    return html`<fy-notice tone=${action.status === 'retrying' ? 'warn' : 'bad'}>
      <p><strong>${what}</strong></p>
      ${said ? html`<p>The provider says: “${said}”</p>` : html`<p>${action.error.message}</p>`}
      <p>What to do: ${next}</p>
    </fy-notice>`;
  }

  private load(): void {
    void this.delivery.run(async (signal) => {
      const [run, events] = await Promise.all([
        api.get<Run>(`/action-runs/${encodeURIComponent(this.runId)}`, {}, signal),
        firstPage<LogEvent>('/event-log', { run_id: this.runId }, signal),
      ]);
      const all = await readOn(events, ({ items }) => items.length >= EVENTS_AT_MOST, signal);
      return { run, events: all.items.sort((a, b) => a.timestamp.localeCompare(b.timestamp)) };
    });
  }

  private refresh(): void {
    const status = this.delivery.value?.run.status ?? '';
    if (UNFINISHED.includes(status) && !this.delivery.loading) this.load();
  }

  private replay(): Promise<void> {
    return this.during(async () => {
      const run = await api.post<Run>(`/action-runs/${this.runId}/replay`);
      toast('Fired again as a new run.');
      go(href('deliveries', run.id));
    });
  }

  private cancel(): Promise<void> {
    return this.during(async () => {
      await api.post<Run>(`/action-runs/${this.runId}/cancel`);
      toast('Cancelled: what was not sent yet stays unsent.');
      this.load();
    });
  }

  private async during(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (thrown) {
      toast(say(thrown), 'bad');
      this.load();
    } finally {
      this.busy = false;
    }
  }
}

function fact(name: string, value: unknown): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
