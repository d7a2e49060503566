import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../styles';
import { icon } from './icon';

type Look = [tone: string, symbol: string, label: string];

const LOOKS: Record<string, Look> = {
  active: ['ok', 'check', 'Active'],
  failing: ['bad', 'warn', 'Failing'],
  paused: ['idle', 'pause', 'Paused'],
  holding: ['idle', 'pause', 'Paused, holds'],
  unreadable: ['warn', 'lock', 'Unreadable'],
  pending: ['idle', 'clock', 'Waiting'],
  running: ['run', 'clock', 'Running'],
  retrying: ['warn', 'clock', 'Retrying'],
  succeeded: ['ok', 'check', 'Delivered'],
  success: ['ok', 'check', 'Delivered'],
  failed: ['bad', 'cross', 'Failed'],
  failure: ['bad', 'cross', 'Failed'],
  skipped: ['idle', 'skip', 'Skipped'],
  cancelled: ['idle', 'cross', 'Cancelled'],
};

/** A status by colour, symbol and word, so that none of them carries it alone. */
@customElement('fy-chip')
export class Chip extends LitElement {
  @property() status = '';

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      span {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        padding: 0.125rem 0.5rem 0.125rem 0.375rem;
        border-radius: 99px;
        font-size: var(--text-s);
        font-weight: 600;
        white-space: nowrap;
      }
      .ok {
        background: var(--ok-soft);
        color: var(--ok);
      }
      .bad {
        background: var(--bad-soft);
        color: var(--bad);
      }
      .warn {
        background: var(--warn-soft);
        color: var(--warn);
      }
      .idle {
        background: var(--idle-soft);
        color: var(--idle);
      }
      .run {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }
    `,
  ];

  override render() {
    const [tone, symbol, label] = LOOKS[this.status] ?? ['idle', 'clock', this.status];
    return html`<span class=${tone}>${icon(symbol, 14)}${label}</span>`;
  }
}
