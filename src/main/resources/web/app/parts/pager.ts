import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { count } from '../lib/format';
import { base, buttons } from '../styles';

/** Steps through a long list, so that the page never holds more than one screenful of rows. */
@customElement('fy-pager')
export class Pager extends LitElement {
  @property({ type: Number }) page = 0;
  @property({ type: Number }) size = 50;
  /** How many are known; `more` says that there are more behind them. */
  @property({ type: Number }) known = 0;
  @property({ type: Boolean }) more = false;
  @property({ type: Boolean }) busy = false;
  @property() of = 'rows';

  static override styles = [base, buttons];

  override render() {
    const first = this.page * this.size + 1;
    const last = Math.min(this.known, first + this.size - 1);
    if (this.known === 0) return null;
    const isFirst = this.page === 0;
    const isLast = this.busy || (last >= this.known && !this.more);
    return html`
      <nav class="row spread" aria-label="Pages of ${this.of}">
        <p class="muted small number" role="status">
          ${count(first)}–${count(last)} of ${count(this.known)}${this.more ? '+' : ''} ${this.of}
        </p>
        <div class="row">
          ${step('Previous', isFirst, () => this.turn(-1))} ${step('Next', isLast, () => this.turn(1))}
        </div>
      </nav>
    `;
  }

  private turn(by: number): void {
    this.dispatchEvent(new CustomEvent('turn', { detail: this.page + by }));
  }
}

/** Not `disabled`, which would take the focus from under the finger that turns the pages. */
function step(label: string, off: boolean, turn: () => void): TemplateResult {
  return html`<button type="button" aria-disabled=${off ? 'true' : 'false'} @click=${() => off || turn()}>${label}</button>`;
}
