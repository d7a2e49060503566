import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type ReplayCount, say } from '../api';
import type { Query } from '../api/client';
import { plural } from '../lib/format';
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
  private readonly counted = new Load<number>(this);
  private body: Record<string, unknown> = {};

  static override styles = [base, buttons];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.trouble = null;
    this.counted.clear();
    // Up to now: what fails while the person reads the count is not replayed with it.
    const filter = Object.fromEntries(Object.entries(this.filter).filter(([, value]) => value));
    this.body = { until: new Date().toISOString(), ...filter, status: 'failed' };
    void this.counted.run(() => this.replay(true));
  }

  override render() {
    return html`
      <fy-modal heading="Replay what failed" .open=${this.open} @dismiss=${this.close}>
        <div class="stack">
          <p>
            Failed deliveries${this.words ? ` ${this.words}` : ''} are fired again as new runs: only the actions that
            failed or were skipped.
          </p>
          ${this.found()}
          ${this.trouble ? html`<fy-notice tone="bad" role="alert">${say(this.trouble)}</fy-notice>` : null}
          <div class="row">
            <button class="primary" ?disabled=${this.busy || !this.counted.value} @click=${this.go}>
              ${this.busy ? 'Replaying…' : this.counted.value ? `Replay ${plural(this.counted.value, 'run')}` : 'Replay'}
            </button>
            <button @click=${this.close}>Cancel</button>
          </div>
        </div>
      </fy-modal>
    `;
  }

  private found(): TemplateResult {
    if (this.counted.problem) return html`<fy-notice tone="bad" role="alert">${say(this.counted.problem)}</fy-notice>`;
    if (this.counted.value === undefined) return html`<p class="muted" role="status">Counting…</p>`;
    if (this.counted.value === 0)
      return html`<fy-notice tone="ok" role="status">Nothing failed here. There is nothing to replay.</fy-notice>`;
    return html`<fy-notice tone="warn" role="status">
      ${plural(this.counted.value, 'failed run')} would be fired again. Deliveries are billed anew, and a receiver that
      did the work in spite of the failure does it twice.
    </fy-notice>`;
  }

  /** One call replays a thousand; what fails meanwhile is later than the filter's end. */
  private async replay(dryRun: boolean): Promise<number> {
    let runs = 0;
    let more = true;
    while (more) {
      const answer = await api.post<ReplayCount>('/action-runs/replay', { ...this.body, dry_run: dryRun });
      runs += answer.count;
      more = !dryRun && answer.more && answer.count > 0;
    }
    return runs;
  }

  private async go(): Promise<void> {
    this.busy = true;
    try {
      const runs = await this.replay(false);
      toast(`${plural(runs, 'run')} fired again.`);
      this.dispatchEvent(new Event('replayed'));
      this.close();
    } catch (thrown) {
      this.trouble = thrown;
    } finally {
      this.busy = false;
    }
  }

  private close(): void {
    if (!this.busy) this.dispatchEvent(new Event('dismiss'));
  }
}
