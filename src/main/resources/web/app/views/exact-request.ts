import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, type Preview } from '../api';
import { previews } from '../api/previews';
import { curl } from '../lib/curl';
import { Load } from '../lib/load';
import '../parts/copy';
import { filledLater } from '../parts/filled-later';
import { unless } from '../parts/states';
import { base } from '../styles';
import { requestText } from './template-text';

/** The request of one action as the service would send it now, secrets left out; fetched when the user opens it. */
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
        <summary>The whole request, as it would be sent now</summary>
        ${this.request.value || this.request.loading || this.request.problem ? unless(this.request, (found) => this.shown(found)) : nothing}
      </details>
    `;
  }

  private shown(found: Preview): TemplateResult {
    if (!found.url) return html`<p>${found.error?.message ?? 'Nothing would be sent.'}</p>`;
    return html`
      <div class="stack">
        <p class="muted small">
          Made of the template and the variables as they were accepted, and of the connection as it is now. Secrets and
          signatures read [redacted], the connection’s own path /…; the number and the time of an attempt are those of the attempts above.
        </p>
        ${filledLater(found.from_responses)}
        <pre tabindex="0" role="group" aria-label="Request as it would be sent now"><code>${requestText(found)}</code></pre>
        <div class="row"><fy-copy .text=${curl(found)} label="Copy as curl"></fy-copy></div>
      </div>
    `;
  }

  private toggled(event: Event): void {
    if (!(event.target as HTMLDetailsElement).open || this.request.value) return;
    void this.request.run(async (signal) => {
      const path = `/action-runs/${encodeURIComponent(this.runId)}/requests`;
      return previews(await api.call<{ actions: Preview[] }>('GET', path, { signal }))[this.index];
    });
  }
}
