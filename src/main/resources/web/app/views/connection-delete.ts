import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, say } from '../api';
import { forget } from '../api/directory';
import { count } from '../lib/format';
import { Load } from '../lib/load';
import { go, href } from '../lib/route';
import { timesUsed } from '../lib/stats';
import '../parts/modal';
import '../parts/notice';
import { toast } from '../parts/toasts';
import { base, buttons } from '../styles';

const WEEK = 7 * 86_400_000;

/** Deletes a connection, after saying how much it was used. */
@customElement('fy-connection-delete')
export class ConnectionDelete extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) connection!: Connection;
  @state() private busy = false;
  @state() private trouble: unknown;
  private readonly used = new Load<number>(this);

  static override styles = [base, buttons];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.trouble = null;
    void this.used.run((signal) => timesUsed(this.connection.id, WEEK, signal));
  }

  override render() {
    return html`
      <fy-modal heading="Delete connection" .open=${this.open} @dismiss=${this.close}>
        <div class="stack">
          <p class="break">
            Delete <strong>${this.connection.connection_name}</strong> and its stored credential? This cannot be undone.
          </p>
          ${this.usage()}
          ${this.trouble ? html`<fy-notice tone="bad" role="alert">${say(this.trouble)}</fy-notice>` : null}
          <div class="row">
            <button class="danger" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.deleteNow}>
              ${this.busy ? 'Deleting…' : 'Delete connection'}
            </button>
            <button @click=${this.close}>Keep it</button>
          </div>
        </div>
      </fy-modal>
    `;
  }

  private usage(): TemplateResult {
    const used = this.used.value;
    if (this.used.problem)
      return html`<fy-notice tone="warn">How often it was used could not be found out.</fy-notice>`;
    if (used === undefined || this.used.loading)
      return html`<p class="muted" role="status">Counting its deliveries of the last 7 days…</p>`;
    if (used === 0) return html`<fy-notice tone="ok">No workflow used it in the last 7 days.</fy-notice>`;
    return html`<fy-notice tone="warn">
      Workflows used it ${used === 1 ? 'once' : `${count(used)} times`} in the last 7 days. Those that still name it will
      fail with “connection not found”.
    </fy-notice>`;
  }

  private async deleteNow(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await api.call('DELETE', `/connections/${this.connection.id}`);
      forget(this.connection.id);
      this.close();
      toast(`Deleted ${this.connection.connection_name}.`);
      go(href('connections'));
    } catch (thrown) {
      this.trouble = thrown;
    } finally {
      this.busy = false;
    }
  }

  private close(): void {
    this.dispatchEvent(new Event('dismiss'));
  }
}
