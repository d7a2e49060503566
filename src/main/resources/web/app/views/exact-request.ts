import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, type Preview } from '../api';
import { curl } from '../lib/curl';
import { Load } from '../lib/load';
import '../parts/copy';
import { unless } from '../parts/states';
import { base } from '../styles';
import { requestText } from './template-text';

/** The request of one action as the service resolves it, secrets left out; fetched when somebody wants to see it. */
@customElement('fy-exact-request')
export class ExactRequest extends LitElement {
  @property() runId = '';
  @property({ type: Number }) index = 0;
  private readonly request = new Load<Preview>(this);

  static override styles = [
    base,
    css`
      summary {
        cursor: pointer;
        padding: var(--gap-1) 0;
      }
    `,
  ];

  override render() {
    return html`
      <details @toggle=${this.toggled}>
        <summary>Exact request</summary>
        ${this.request.value || this.request.loading || this.request.problem ? unless(this.request, (found) => this.shown(found)) : nothing}
      </details>
    `;
  }

  private shown(found: Preview): TemplateResult {
    if (!found.url) return html`<p>${found.error?.message ?? 'Nothing would be sent.'}</p>`;
    return html`
      <div class="stack">
        <pre tabindex="0" role="group" aria-label="Exact request"><code>${requestText(found)}</code></pre>
        <div class="row">
          <fy-copy .text=${curl(found)} label="Copy as curl"></fy-copy>
          <span class="muted small">Secrets are left out. The connection is taken as it is now.</span>
        </div>
      </div>
    `;
  }

  private toggled(event: Event): void {
    if (!(event.target as HTMLDetailsElement).open || this.request.value) return;
    void this.request.run(async (signal) => {
      const { actions } = await api.get<{ actions: Preview[] }>(
        `/action-runs/${encodeURIComponent(this.runId)}/requests`,
        {},
        signal,
      );
      return actions[this.index];
    });
  }
}
