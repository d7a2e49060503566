import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../api';
import type { Load } from '../lib/load';
import './notice';
import './skeleton';

/** What stands in a view's place until its value is there: loading, or what went wrong and a way to try again. */
export function unless<T>(load: Load<T>, ready: (value: T) => TemplateResult): TemplateResult {
  return html`
    ${load.problem ? failed(load) : nothing}
    ${load.value !== undefined ? ready(load.value) : load.problem ? nothing : html`<fy-skeleton></fy-skeleton>`}
  `;
}

function failed(load: Load<unknown>): TemplateResult {
  return html`
    <fy-notice tone=${load.isOffline ? 'warn' : 'bad'} role="alert">
      <p>${say(load.problem)}</p>
      <p><button type="button" aria-disabled=${load.loading ? 'true' : 'false'} @click=${() => load.loading || load.again()}>Try again</button></p>
    </fy-notice>
  `;
}

/** An empty place that says what will be here and how to begin. */
export function empty(title: string, text: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`
    <div class="card empty">
      <h2>${title}</h2>
      <p class="muted">${text}</p>
      ${action}
    </div>
  `;
}
