import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, type Run, say } from '../api';
import { forget } from '../api/directory';
import { plural } from '../lib/format';
import { Load } from '../lib/load';
import { PAGE_LIMIT } from '../lib/paged';
import { go, href } from '../lib/route';
import { since } from '../lib/stats';
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
  private readonly used = new Load<{ runs: number; more: boolean }>(this);

  static override styles = [base, buttons];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.trouble = null;
    void this.used.run(async (signal) => {
      const query = { connection_id: this.connection.id, since: since(WEEK), limit: PAGE_LIMIT };
      const { data, next } = await api.page<Run>('/action-runs', query, signal);
      return { runs: data.length, more: next !== null };
    });
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
            <button class="danger" ?disabled=${this.busy} @click=${this.deleteNow}>
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
    if (!used || this.used.loading)
      return html`<p class="muted" role="status">Counting its runs of the last 7 days…</p>`;
    if (used.runs === 0) return html`<fy-notice tone="ok">No run used it in the last 7 days.</fy-notice>`;
    const runs = used.more ? `More than ${used.runs} runs` : plural(used.runs, 'run');
    return html`<fy-notice tone="warn">
      ${runs} used it in the last 7 days. Workflows that still name it will fail with “connection not found”.
    </fy-notice>`;
  }

  private async deleteNow(): Promise<void> {
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
