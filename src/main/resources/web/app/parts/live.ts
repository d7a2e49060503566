import { html, nothing, type TemplateResult } from 'lit';
import { timeOfDay } from '../lib/format';
import type { Load } from '../lib/load';

/** Whether what is on the page keeps up with the service, or since when it does not. */
export function live(load: Load<unknown>): TemplateResult | typeof nothing {
  if (!load.at) return nothing;
  if (!navigator.onLine || load.stale)
    return html`<span class="live old small" role="status">Not up to date since ${timeOfDay(load.at)}</span>`;
  return html`<span class="live small muted">Live</span>`;
}
