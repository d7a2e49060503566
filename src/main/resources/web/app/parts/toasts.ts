import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { base } from '../styles';
import './notice';

interface Toast {
  id: number;
  text: string;
  tone: 'ok' | 'bad';
}

/** Says briefly what was done; screen readers hear it too. */
export function toast(text: string, tone: Toast['tone'] = 'ok'): void {
  window.dispatchEvent(new CustomEvent('fy-toast', { detail: { text, tone } }));
}

@customElement('fy-toasts')
export class Toasts extends LitElement {
  @state() private toasts: Toast[] = [];
  private last = 0;

  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto 1rem 1rem auto;
        z-index: 10;
        width: min(24rem, calc(100vw - 2rem));
      }
      fy-notice {
        margin-top: var(--gap-2);
        border-radius: var(--radius-s);
        box-shadow: var(--shadow-l);
      }
    `,
  ];

  private readonly show = (event: Event) => {
    const toast: Toast = { id: ++this.last, ...(event as CustomEvent).detail };
    this.toasts = [...this.toasts, toast];
    window.setTimeout(() => (this.toasts = this.toasts.filter(({ id }) => id !== toast.id)), 6_000);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('fy-toast', this.show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('fy-toast', this.show);
  }

  override render() {
    return html`<div role="status">
      ${repeat(
        this.toasts,
        ({ id }) => id,
        ({ text, tone }) => html`<fy-notice .tone=${tone}>${text}</fy-notice>`,
      )}
    </div>`;
  }
}
