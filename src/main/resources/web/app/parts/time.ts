import { html, type TemplateResult } from 'lit';
import { ago, exact } from '../lib/format';

/** A point in time as people say it, exact on hovering. */
export function time(iso: string | null | undefined, empty = 'Never'): TemplateResult {
  if (!iso) return html`<span class="muted">${empty}</span>`;
  return html`<time datetime=${iso} title=${`${exact(iso)} (${iso})`}>${ago(iso)}</time>`;
}
