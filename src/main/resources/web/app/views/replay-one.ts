import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Action, api, type Run, say } from '../api';
import { newKey } from '../api/client';
import { plural } from '../lib/format';
import '../parts/modal';
import '../parts/notice';
import { provider } from '../parts/provider';
import { base, buttons } from '../styles';

/** After these it is not known whether the receiver did the work. */
const DOUBTFUL = ['outcome_unknown', 'timeout', 'connection_lost'];

export function replayable({ status }: Action): boolean {
  return status === 'failed' || status === 'skipped';
}

/** Fires again what failed of one run, after saying what that costs; `replayed` carries the new run. */
@customElement('fy-replay-one')
export class ReplayOne extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) run!: Run;
  /** When this run was replayed before. */
  @property({ type: Boolean }) again = false;
  @state() private busy = false;
  @state() private trouble: unknown;
  private key = newKey();

  static override styles = [base, buttons];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.trouble = null;
    this.key = newKey();
  }

  override render() {
    const actions = this.run.actions.filter(replayable);
    return html`
      <fy-modal heading="Replay what failed" .open=${this.open} @dismiss=${this.close}>
        <div class="stack">
          <p>${plural(actions.length, 'action is', 'actions are')} fired again, as a new run:</p>
          <ul class="stack">
            ${actions.map(
              ({ index, provider: name, status, error }) =>
                html`<li>${index + 1}. ${provider(name)} <span class="muted">${error ? error.message : status}</span></li>`,
            )}
          </ul>
          <p>${plural(actions.length, 'webhook is', 'webhooks are')} billed anew when sent.</p>
          ${this.warnings(actions)}
          ${this.trouble ? html`<fy-notice tone="bad" role="alert">${say(this.trouble)}</fy-notice>` : nothing}
          <div class="row">
            <button class="primary" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.go}>
              ${this.busy ? 'Replaying…' : `Fire ${actions.length === 1 ? 'it' : 'them'} again`}
            </button>
            <button @click=${this.close}>Cancel</button>
          </div>
        </div>
      </fy-modal>
    `;
  }

  private warnings(actions: Action[]): TemplateResult | typeof nothing {
    const doubtful = actions.some(({ error }) => error !== null && DOUBTFUL.includes(error.code));
    if (!doubtful && !this.again) return nothing;
    return html`<fy-notice tone="warn">
      ${this.again ? html`<p><strong>This run was replayed before.</strong> It is fired once more.</p>` : nothing}
      ${
        doubtful
          ? html`<p>
              <strong>It may be done twice.</strong> It is not known whether the receiver did the work the first time. Look
              in its own log first, and fire again only what is not there.
            </p>`
          : nothing
      }
    </fy-notice>`;
  }

  private async go(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = null;
    try {
      const path = `/action-runs/${encodeURIComponent(this.run.id)}/replay`;
      const { data } = await api.call<Run>('POST', path, { idempotencyKey: this.key });
      this.dispatchEvent(new Event('dismiss'));
      this.dispatchEvent(new CustomEvent('replayed', { detail: data }));
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
