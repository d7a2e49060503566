import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../styles';
import { icon } from './icon';

const SYMBOLS: Record<string, string> = { ok: 'check', bad: 'warn', warn: 'warn', idle: 'clock' };

/** A message in its place: what happened, and (in the slot) what to do next. */
@customElement('fy-notice')
export class Notice extends LitElement {
  @property() tone: 'ok' | 'bad' | 'warn' | 'idle' = 'idle';

  static override styles = [
    base,
    css`
      div {
        display: flex;
        gap: var(--gap-3);
        padding: var(--gap-3);
        border-radius: var(--radius-s);
        background: var(--idle-soft);
        color: var(--text);
      }
      svg {
        flex: none;
        margin-top: 0.15rem;
        color: var(--idle);
      }
      .ok {
        background: var(--ok-soft);
      }
      .ok svg {
        color: var(--ok);
      }
      .bad {
        background: var(--bad-soft);
      }
      .bad svg {
        color: var(--bad);
      }
      .warn {
        background: var(--warn-soft);
      }
      .warn svg {
        color: var(--warn);
      }
      section {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`<div class=${this.tone}>
      ${icon(SYMBOLS[this.tone])}
      <section><slot></slot></section>
    </div>`;
  }
}
