import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LogEvent } from '../api';
import { exact, millis, pretty } from '../lib/format';
import '../parts/chip';
import { base } from '../styles';

/** One attempt as the event log keeps it: the request, the answer, and what went wrong in words. */
@customElement('fy-attempt')
export class Attempt extends LitElement {
  @property({ attribute: false }) event!: LogEvent;
  @property({ type: Boolean }) opened = false;

  static override styles = [
    base,
    css`
      summary {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--gap-1) var(--gap-3);
        cursor: pointer;
        padding: var(--gap-1) 0;
      }
      summary::before {
        content: '▸';
        color: var(--muted);
        width: 0.75rem;
      }
      details[open] > summary::before {
        content: '▾';
      }
      .inside {
        padding: var(--gap-2) 0 var(--gap-3);
      }
      table {
        justify-self: start;
        border-collapse: collapse;
        font-size: var(--text-s);
      }
      th,
      td {
        text-align: start;
        padding: 0.125rem var(--gap-4) 0.125rem 0;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      th {
        font-weight: 500;
        color: var(--muted);
      }
    `,
  ];

  override render() {
    const event = this.event;
    return html`
      <details ?open=${this.opened}>
        <summary>
          <strong>${event.attempt ? `Attempt ${event.attempt}` : 'Not sent'}</strong>
          <fy-chip status=${event.outcome}></fy-chip>
          ${event.response_status ? html`<span class="number">HTTP ${event.response_status}</span>` : nothing}
          ${event.duration_ms === null ? nothing : html`<span class="muted number">${millis(event.duration_ms)}</span>`}
          <time class="muted small" datetime=${event.timestamp}>${exact(event.timestamp)}</time>
        </summary>
        <div class="inside stack">${this.trouble()} ${this.request()} ${this.answer()}</div>
      </details>
    `;
  }

  private trouble(): TemplateResult | typeof nothing {
    const { error } = this.event;
    // What was answered speaks for itself.
    if (!error || error.code === 'http_status') return nothing;
    return html`<p>${error.message} <code class="muted">${error.code}</code></p>`;
  }

  private request(): TemplateResult | typeof nothing {
    if (!this.event.request) return nothing;
    return html`
      <div class="stack">
        <h3>Request</h3>
        <pre
          tabindex="0"
          role="group"
          aria-label="Request"
        ><code>${this.event.request.method} ${this.event.request.url}</code></pre>
        <p class="muted small">
          ${this.event.attempt ? `Attempt ${this.event.attempt}, ` : ''}recorded ${exact(this.event.timestamp)}
          (${this.event.timestamp})
        </p>
      </div>
    `;
  }

  private answer(): TemplateResult | typeof nothing {
    const {
      response_headers: headers,
      response_body: body,
      response_truncated: cut,
      response_status: status,
    } = this.event;
    if (!status) return nothing;
    const rows = Object.entries(headers ?? {});
    return html`
      <div class="stack">
        <h3>Answer</h3>
        ${
          rows.length
            ? html`<table aria-label="Response headers">
                <tbody>
                  ${rows.map(
                    ([name, value]) =>
                      html`<tr>
                        <th scope="row">${name}</th>
                        <td>${value}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>`
            : nothing
        }
        ${
          body
            ? html`<pre tabindex="0" role="group" aria-label="Response body"><code>${pretty(body)}</code></pre>`
            : html`<p class="muted small">
                No body is kept${this.event.outcome === 'success' ? ' of what succeeded' : ''}.
              </p>`
        }
        ${cut ? html`<p class="muted small">The body was longer; only its beginning is kept.</p>` : nothing}
      </div>
    `;
  }
}
