import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, buttons, controls } from '../styles';
import { notes } from './field';
import { icon } from './icon';

export type Rows = Array<[name: string, value: string]>;

/** Names and values, such as headers; row by row. */
@customElement('fy-map')
export class MapField extends LitElement {
  @property() label = '';
  @property() help = '';
  @property() error = '';
  @property({ type: Boolean }) secret = false;
  @property({ attribute: false }) rows: Rows = [];

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    controls,
    css`
      li {
        display: grid;
        grid-template-columns: 1fr 1.4fr auto;
        gap: var(--gap-2);
        margin-bottom: var(--gap-2);
      }
      legend {
        margin-bottom: var(--gap-1);
      }
    `,
  ];

  override render() {
    return html`
      <fieldset class="field">
        <legend>${this.label} <span class="optional">(optional)</span></legend>
        <ul>
          ${this.rows.map(([name, value], index) => this.row(name, value, index))}
        </ul>
        <div>
          <button type="button" @click=${this.add}>
            ${icon('plus', 16)}Add ${this.label.toLowerCase().replace(/s$/, '')}
          </button>
        </div>
        ${notes({ id: 'map', help: this.help, error: this.error })}
      </fieldset>
    `;
  }

  private row(name: string, value: string, index: number) {
    const set = (at: 0 | 1) => (event: Event) => this.change(index, at, (event.target as HTMLInputElement).value);
    const which = `${this.label} ${index + 1}`;
    return html`
      <li>
        <input
          aria-label="${which}, name"
          placeholder="Name"
          .value=${name}
          autocomplete="off"
          spellcheck="false"
          @input=${set(0)}
        />
        <input
          aria-label="${which}, value"
          placeholder="Value"
          type=${this.secret ? 'password' : 'text'}
          .value=${value}
          autocomplete="new-password"
          spellcheck="false"
          @input=${set(1)}
        />
        <button type="button" class="icon" aria-label="Remove ${which}" @click=${() => this.removeRow(index)}>
          ${icon('close')}
        </button>
      </li>
    `;
  }

  private async add(): Promise<void> {
    this.emit([...this.rows, ['', '']]);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('li:last-child input')?.focus();
  }

  private change(index: number, at: 0 | 1, text: string): void {
    this.emit(this.rows.map((row, i) => (i === index ? (at === 0 ? [text, row[1]] : [row[0], text]) : row)));
  }

  private removeRow(index: number): void {
    this.emit(this.rows.filter((_, i) => i !== index));
    this.renderRoot.querySelector<HTMLElement>('div > button')?.focus();
  }

  private emit(rows: Rows): void {
    this.rows = rows;
    this.dispatchEvent(new CustomEvent('value', { detail: rows }));
  }
}
