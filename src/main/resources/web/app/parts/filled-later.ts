import { html, nothing, type TemplateResult } from 'lit';

/** Where the values come from that a request has only once it is sent; answers are not kept beyond their run. */
export function filledLater(names: string[] | undefined): TemplateResult | typeof nothing {
  if (!names?.length) return nothing;
  return html`<p class="small">
    In brackets, what the answer to an earlier action fills in:
    ${names.map((name, i) => html`${i ? ', ' : ''}<code>${name}</code>`)}.
  </p>`;
}
