import { html, type TemplateResult } from 'lit';

/** One of the facts in a list of them; a wide one has a line of its own. */
export function fact(name: string, value: unknown, wide = false): TemplateResult {
  return html`<div class=${wide ? 'wide' : ''}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
