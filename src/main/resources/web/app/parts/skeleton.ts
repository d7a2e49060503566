import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { base } from '../styles';

/** Where a list will be, while it loads. */
@customElement('fy-skeleton')
export class Skeleton extends LitElement {
  static override styles = [
    base,
    css`
      span {
        display: block;
        height: 2.75rem;
        margin-bottom: var(--gap-2);
        border-radius: var(--radius-s);
        background: var(--idle-soft);
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      @keyframes breathe {
        to {
          opacity: 0.45;
        }
      }
    `,
  ];

  override render() {
    return html`<div role="status">
      <p class="visually-hidden">Loading…</p>
      ${[1, 2, 3, 4].map(() => html`<span></span>`)}
    </div>`;
  }
}
