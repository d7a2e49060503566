import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { base, buttons } from '../styles';
import { icon } from './icon';

/** The open dialogs, the topmost last. */
const open: Modal[] = [];

/** Escape is for the topmost one, wherever the focus is: it may have been on something that is gone. */
window.addEventListener('keydown', (event) => {
  const top = open.at(-1);
  if (event.key !== 'Escape' || !top) return;
  event.preventDefault();
  top.dismiss();
});

/**
 * A native modal dialog: the browser keeps the focus inside and gives it back. It never closes by itself; `dismiss`
 * asks its owner, who may have unsaved text to think of.
 */
@customElement('fy-modal')
export class Modal extends LitElement {
  @property() heading = '';
  @property({ type: Boolean }) open = false;
  /** Without a way out, as long as there is nothing to go back to. */
  @property({ type: Boolean }) fixed = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: contents;
      }
      dialog {
        width: min(40rem, calc(100vw - 1rem));
        max-height: calc(100dvh - 1rem);
        padding: 0;
        border: 1px solid var(--border);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow-l);
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
        animation: rise 140ms ease-out;
      }
      dialog::backdrop {
        background: rgb(10 13 20 / 55%);
      }
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: var(--gap-3);
        padding: var(--gap-3) var(--gap-4);
        border-bottom: 1px solid var(--border);
      }
      .body {
        padding: var(--gap-4);
        overflow: auto;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(0.5rem);
        }
      }
    `,
  ];

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has('open') || this.open === this.dialog.open) return;
    if (this.open) this.show();
    else {
      this.dialog.close();
      this.unstack();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unstack();
  }

  override render() {
    return html`
      <dialog closedby="none" aria-labelledby="heading" @cancel=${this.cancel}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          ${
            this.fixed
              ? null
              : html`<button type="button" class="icon" aria-label="Close" @click=${this.dismiss}>
                  ${icon('close')}
                </button>`
          }
        </div>
        <div class="body"><slot></slot></div>
      </dialog>
    `;
  }

  /** Begins at the first thing to fill in, or at what does no harm. */
  private show(): void {
    this.dialog.showModal();
    open.push(this);
    document.documentElement.classList.add('modal-open');
    this.querySelector<HTMLElement>(
      'input:enabled, select:enabled, textarea:enabled, button:enabled:not(.danger, [aria-disabled="true"])',
    )?.focus();
  }

  private unstack(): void {
    const place = open.indexOf(this);
    if (place >= 0) open.splice(place, 1);
    document.documentElement.classList.toggle('modal-open', open.length > 0);
  }

  private cancel(event: Event): void {
    event.preventDefault();
  }

  /** Asks the owner to close it. */
  dismiss(): void {
    if (!this.fixed) this.dispatchEvent(new Event('dismiss'));
  }
}
