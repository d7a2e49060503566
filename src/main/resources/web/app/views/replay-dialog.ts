import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type ReplayCount, say } from '../api';
import { newKey, type Query } from '../api/client';
import { count, plural } from '../lib/format';
import { Load } from '../lib/load';
import '../parts/modal';
import '../parts/notice';
import { toast } from '../parts/toasts';
import { base, buttons } from '../styles';

/** Replays the failed runs that a filter selects, after counting them. */
@customElement('fy-replay-dialog')
export class ReplayDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) filter: Query = {};
  @property() words = '';
  @state() private busy = false;
  @state() private trouble: unknown;
  /** How many were fired again so far. */
  @state() private fired = 0;
  private readonly counted = new Load<ReplayCount>(this);
  private body: Record<string, unknown> = {};
  /** Of the call that has no answer yet, so that trying it again does not fire anything twice. */
  private key = newKey();

  static override styles = [base, buttons];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    // Up to now: what fails while the person reads the count, or in this replay, is not replayed with it.
    const filter = Object.fromEntries(Object.entries(this.filter).filter(([, value]) => value));
    this.body = { until: new Date().toISOString(), ...filter, status: 'failed' };
    this.fired = 0;
    this.count();
  }

  override render() {
    const found = this.counted.value?.count ?? 0;
    return html`
      <fy-modal heading="Replay what failed" .open=${this.open} @dismiss=${this.close}>
        <div class="stack">
          <p>
            Failed deliveries${this.words ? ` ${this.words}` : ''} are fired again as new runs: only the actions that
            failed or were skipped. A run that was replayed before is left out.
          </p>
          ${this.found()}
          ${this.trouble ? html`<fy-notice tone="bad" role="alert">${say(this.trouble)}</fy-notice>` : nothing}
          <div class="row">
            <button class="primary" aria-disabled=${this.busy || !found ? 'true' : 'false'} @click=${this.go}>
              ${this.busy ? 'Replaying…' : found ? `Replay ${plural(found, 'run')}` : 'Replay'}
            </button>
            <button @click=${this.close}>${this.fired && !this.busy ? 'Close' : 'Cancel'}</button>
          </div>
        </div>
      </fy-modal>
    `;
  }

  private found(): TemplateResult {
    const { value, problem } = this.counted;
    if (problem) return html`<fy-notice tone="bad" role="alert">${say(problem)}</fy-notice>`;
    if (this.busy)
      return html`<p class="muted" role="status">${this.fired ? `${count(this.fired)} fired again so far…` : 'Replaying…'}</p>`;
    if (!value) return html`<p class="muted" role="status">Counting…</p>`;
    if (value.count === 0)
      return html`<fy-notice tone="ok" role="status">Nothing failed here. There is nothing to replay.</fy-notice>`;
    return html`<fy-notice tone="warn" role="status">
      ${this.fired ? html`<p>${plural(this.fired, 'run')} fired again, and there are more.</p>` : nothing}
      <p>
        ${plural(value.count, 'failed run')}${value.more ? ' of more' : ''} would be fired again. Deliveries are billed
        anew, and a receiver that did the work in spite of the failure does it twice.
      </p>
    </fy-notice>`;
  }

  private count(): void {
    this.trouble = null;
    this.key = newKey();
    this.counted.clear();
    void this.counted.run(() => this.replay(true));
  }

  private async replay(dryRun: boolean): Promise<ReplayCount> {
    const body = { ...this.body, dry_run: dryRun };
    const idempotencyKey = dryRun ? undefined : this.key;
    return (await api.call<ReplayCount>('POST', '/action-runs/replay', { body, idempotencyKey })).data;
  }

  /** Goes on, call by call, until as many are fired as were agreed to; what is left then is asked about again. */
  private async go(): Promise<void> {
    const agreed = this.fired + (this.counted.value?.count ?? 0);
    if (this.busy || agreed === this.fired) return;
    this.busy = true;
    this.trouble = null;
    try {
      let more = true;
      while (more && this.open && this.fired < agreed) {
        const answer = await this.replay(false);
        this.fired += answer.count;
        this.key = newKey();
        more = answer.more && answer.count > 0;
      }
      this.busy = false;
      this.dispatchEvent(new Event('replayed'));
      if (more && this.open) this.count();
      else this.finish();
    } catch (thrown) {
      this.trouble = thrown;
    } finally {
      this.busy = false;
    }
  }

  private finish(): void {
    toast(`${plural(this.fired, 'run')} fired again.`);
    this.close();
  }

  /** Also in the middle: what was sent is on its way, and nothing more is sent after it. */
  private close(): void {
    if (this.open) this.dispatchEvent(new Event('dismiss'));
  }
}
