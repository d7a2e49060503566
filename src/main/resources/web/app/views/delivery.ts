import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { until } from 'lit/directives/until.js';
import { type Action, api, type LogEvent, type Run, say, session } from '../api';
import { connectionName, entry, GONE, providerOf } from '../api/directory';
import { millis, plural } from '../lib/format';
import { Load } from '../lib/load';
import { firstPage, readOn } from '../lib/paged';
import { Poll } from '../lib/poll';
import { go, href } from '../lib/route';
import { adviceFor, providerSays, waitsFor } from '../lib/words';
import '../parts/chip';
import '../parts/copy';
import { fact } from '../parts/fact';
import { live } from '../parts/live';
import { provider } from '../parts/provider';
import { unless } from '../parts/states';
import { time } from '../parts/time';
import { toast } from '../parts/toasts';
import { base, buttons, facts, liveDot } from '../styles';
import './attempt';
import './exact-request';
import './replay-one';
import { replayable } from './replay-one';

const UNFINISHED = ['pending', 'running'];
const EVENTS_AT_MOST = 500;

interface Delivery {
  run: Run;
  events: LogEvent[];
  /** The runs that replay it, the newest first. */
  replays: Run[];
}

/** One run: its actions, and every attempt of each. */
@customElement('fy-delivery')
export class DeliveryView extends LitElement {
  @property() runId = '';
  @state() private busy = false;
  @state() private replaying = false;
  private readonly delivery = new Load<Delivery>(this);
  /** One promise for each, so that what is shown (and has the focus) stays when the page is drawn again. */
  private readonly links = new Map<string, Promise<TemplateResult>>();

  static override styles = [
    base,
    buttons,
    facts,
    liveDot,
    css`
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

  protected override updated(): void {
    const job = this.delivery.value?.run.job_id;
    if (job) this.dispatchEvent(new CustomEvent('fy-title', { detail: job, bubbles: true, composed: true }));
  }

  private shown({ run, events, replays }: Delivery): TemplateResult {
    return html`
      <div class="row spread">
        <div class="row">
          <h1 class="break">${run.job_id ?? 'Delivery'}</h1>
          <fy-chip status=${run.status}></fy-chip>
          ${UNFINISHED.includes(run.status) || this.delivery.stale ? live(this.delivery) : nothing}
        </div>
        ${this.actions(run)}
      </div>
      <div class="card">
        <dl>
          ${fact('Fired', time(run.created_at))} ${fact('Finished', time(run.finished_at, 'Not yet'))}
          ${run.waiting_for ? fact('Waits for', waitsFor(run.waiting_for)) : nothing}
          ${run.job_id ? fact('Job', html`<a class="break" href=${href('deliveries', null, { job_id: run.job_id })}>All of this job</a>`) : nothing}
          ${run.replay_of ? fact('Replay of', html`<a class="break" href=${href('deliveries', run.replay_of)}>the earlier run</a>`) : nothing}
          ${
            replays.length
              ? fact(
                  replays.length === 1 ? 'Replayed' : `Replayed ${replays.length} times`,
                  replays.map(
                    ({ id, created_at: at }) => html`<p><a href=${href('deliveries', id)}>as a new run</a>, ${time(at)}</p>`,
                  ),
                )
              : nothing
          }
          ${fact('Run', html`<code class="break">${run.id}</code>`)}
        </dl>
      </div>
      ${run.actions.map((action) =>
        this.action(
          action,
          events.filter((event) => event.action_index === action.index),
          run,
        ),
      )}
      <fy-replay-one
        .open=${this.replaying}
        .run=${run}
        .again=${replays.length > 0}
        @dismiss=${() => (this.replaying = false)}
        @replayed=${this.replayed}
      ></fy-replay-one>
    `;
  }

  private actions(run: Run): TemplateResult {
    const unfinished = UNFINISHED.includes(run.status);
    const mayReplay = session.mayExecute && !unfinished && run.actions.some(replayable);
    return html`
      <div class="row">
        ${
          mayReplay
            ? html`<button class="primary" @click=${() => (this.replaying = true)}>Replay what failed…</button>`
            : nothing
        }
        ${
          unfinished && session.mayExecute
            ? html`<button class="danger" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.cancel}>Cancel what is not sent</button>`
            : nothing
        }
        <fy-copy .text=${location.href} label="Copy link"></fy-copy>
      </div>
    `;
  }

  private action(action: Action, events: LogEvent[], run: Run): TemplateResult {
    const id = `action-${action.index}`;
    return html`
      <section class="card stack" aria-labelledby=${id}>
        <div class="row spread">
          <div class="row">
            <h2 id=${id}>${action.index + 1}. ${action.provider ? provider(action.provider) : until(ofConnection(action), 'Webhook')}</h2>
            <fy-chip status=${action.status}></fy-chip>
          </div>
          ${
            action.connection_id
              ? until(this.link(action.connection_id), 'Connection')
              : nothing
          }
        </div>
        ${this.advice(action, events, run)}
        <p class="muted small">
          ${action.attempts ? plural(action.attempts, 'attempt') : 'Not sent'}${action.response_status ? `, last answer HTTP ${action.response_status}` : ''}${
            action.duration_ms === null ? '' : ` in ${millis(action.duration_ms)}`
          }${action.next_attempt_at ? html`; next attempt ${time(action.next_attempt_at)}` : nothing}
        </p>
        ${this.message(action)}
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

  /** What to look for, or to name to the provider's support. */
  private message({ provider_message_id: id, provider: name }: Action): TemplateResult | typeof nothing {
    if (!id) return nothing;
    return html`<p class="row small">
      <span class="muted">${name === 'twilio' ? 'SID' : 'Message ID'} at ${provider(name)}</span>
      <code class="break">${id}</code>
      <fy-copy .text=${id} label="Copy message ID"></fy-copy>
    </p>`;
  }

  private advice(action: Action, events: LogEvent[], run: Run): TemplateResult | typeof nothing {
    if (!action.error) return nothing;
    const { what, next } = adviceFor(action.error.code, action.response_status, action.attempts);
    const last = events.filter(({ outcome }) => outcome === 'failure').pop();
    const said = last && providerSays(last);
    const waits = action.status === 'retrying';
    return html`<fy-notice tone=${waits ? 'warn' : 'bad'}>
      <p><strong>${what}</strong></p>
      ${said?.what ? html`<p>${said.what}</p>` : nothing}
      ${action.error.code === 'template_error' ? html`<p>${action.error.message}</p>` : nothing}
      ${
        waits
          ? html`<p>It is tried again by itself ${action.next_attempt_at ? time(action.next_attempt_at) : 'soon'}; there is nothing to do but wait.</p>`
          : html`<p>What to do: ${said?.next ?? next}</p>`
      }
      ${
        action.error.code === 'template_error'
          ? html`<p>
              <a href=${href('templates', null, { connection_id: action.connection_id, job_id: run.job_id })}
                >Try it in the template helper</a
              >
            </p>`
          : nothing
      }
    </fy-notice>`;
  }

  private link(id: string): Promise<TemplateResult> {
    const link = this.links.get(id) ?? connectionLink(id);
    this.links.set(id, link);
    return link;
  }

  private load(): void {
    void this.delivery.run((signal) => this.read(signal));
  }

  private async read(signal: AbortSignal): Promise<Delivery> {
    const [run, events] = await Promise.all([
      api.get<Run>(`/action-runs/${encodeURIComponent(this.runId)}`, {}, signal),
      firstPage<LogEvent>('/event-log', { run_id: this.runId }, signal),
    ]);
    const all = await readOn(events, ({ items }) => items.length >= EVENTS_AT_MOST, signal);
    const replays = run.finished_at && run.job_id ? await replaysOf(run, signal) : [];
    return { run, events: all.items.sort((a, b) => a.timestamp.localeCompare(b.timestamp)), replays };
  }

  private refresh(): void {
    const status = this.delivery.value?.run.status ?? '';
    if (UNFINISHED.includes(status)) void this.delivery.refresh();
  }

  private replayed({ detail: run }: CustomEvent<Run>): void {
    toast('Fired again as a new run.');
    go(href('deliveries', run.id));
  }

  private cancel(): Promise<void> {
    return this.during(async () => {
      await api.post<Run>(`/action-runs/${this.runId}/cancel`);
      toast('Cancelled: what was not sent yet stays unsent.');
      this.load();
    });
  }

  private async during(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
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

/** A replay is a later run of the same job. */
async function replaysOf(run: Run, signal: AbortSignal): Promise<Run[]> {
  const query = { job_id: run.job_id, since: run.finished_at };
  const { items } = await firstPage<Run>('/action-runs', query, signal);
  return items.filter(({ replay_of: original }) => original === run.id);
}

/** What was skipped never reached a provider; its connection still has one. */
async function ofConnection({ connection_id: id }: Action) {
  return provider(id && (await providerOf(id)));
}

/** A connection that was deleted is nowhere to go to. */
async function connectionLink(id: string): Promise<TemplateResult> {
  if ((await entry(id)) === GONE) return html`<span class="muted">Deleted connection</span>`;
  return html`<a class="break" href=${href('connections', id)}>${await connectionName(id)}</a>`;
}
